import Testing

@testable import RTP

@Suite("Layer structure of VP9")
struct LayerStructureTests {
    private static let three = LayerStructure(
        sizes: [(320, 180), (640, 360), (1_280, 720)].map { PictureSize(width: $0.0, height: $0.1) })

    /// L3T3_KEY as tables have it: what a frame is to each decode target, its chains, and what it is predicted from.
    private static let table: [(indications: String, chains: [Int], difference: Int?)] = [
        ("SSSSSSSSS", [0, 0, 0], nil), ("SSS------", [12, 11, 10], 12), ("-DS------", [6, 5, 4], 6),
        ("--D------", [3, 2, 1], 3), ("--D------", [9, 8, 7], 3),
        ("---SSSSSS", [1, 1, 1], 1), ("---SSS---", [1, 12, 11], 12), ("----DS---", [7, 6, 5], 6),
        ("-----D---", [4, 3, 2], 3), ("-----D---", [10, 9, 8], 3),
        ("------SSS", [2, 1, 1], 1), ("------SSS", [2, 1, 12], 12), ("-------DS", [8, 7, 6], 6),
        ("--------D", [5, 4, 3], 3), ("--------D", [11, 10, 9], 3),
    ]

    @Test("the templates of three sizes are those of L3T3_KEY")
    func templates() {
        let structure = Self.three
        for size in 0..<3 {
            for template in LayerStructure.Template.allCases {
                let row = Self.table[structure.index(of: template, size: size)]
                let letters = (0..<9).map { target in
                    switch structure.indication(
                        of: template, size: size, forSize: target / 3, upTo: target % 3)
                    {
                    case .notPresent: "-"
                    case .discardable: "D"
                    case .switching: "S"
                    }
                }
                #expect(letters.joined() == row.indications)
                #expect(structure.difference(of: template, size: size) == row.difference)
                let chains = (0..<3).map {
                    structure.chainDifference(of: template, size: size, chain: $0)
                }
                #expect(chains == row.chains)
            }
        }
    }

    @Test("each value takes as many bits as the format says")
    func numbers() {
        var writer = BitWriter()
        writer.append(true)
        writer.append(5, bits: 4)
        // 0, 1 and 2 of three: one bit, two, two.
        for value in 0..<3 { writer.append(value, of: 3) }
        #expect(writer.bytes == [0b1010_1010, 0b1100_0000])
        writer.removeAll()
        // 3 of ten: three bits; 9 of ten: four.
        writer.append(3, of: 10)
        writer.append(9, of: 10)
        #expect(writer.bytes == [0b0111_1110])
    }
}
