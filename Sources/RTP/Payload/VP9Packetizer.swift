import MediaCore

/// Cuts VP9 pictures and their spatial layers into payloads and numbers them (RFC 9628 §4).
///
/// It uses flexible mode, in which each packet names the pictures that its own is predicted from: so pictures that the
/// encoder drops leave no hole in a pattern that the receiver would have to follow.
package struct VP9Packetizer: Sendable {
    private var pictureID: UInt16

    /// Begins with a given 15-bit picture number, which should be random.
    package init(pictureID: UInt16) {
        self.pictureID = pictureID & 0x7FFF
    }

    /// Says for each payload what stands in front, which bytes of the frame follow, and whether it is the last.
    mutating func packetize(
        _ frame: EncodedFrame, maximumPayload: Int, prefix: inout [UInt8],
        _ emit: (_ prefix: [UInt8], _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        let layers = frame.layers ?? FrameLayers(references: frame.isKeyframe ? [] : [1])
        var parts = layers.spatial
        if parts.isEmpty { parts = [Self.wholePicture(frame)] }
        guard parts.allSatisfy({ $0.range.upperBound <= frame.bytes.count }), !frame.bytes.isEmpty else {
            return
        }
        for (index, part) in parts.enumerated() {
            let isLastPart = index == parts.count - 1
            var descriptor = VP9SentDescriptor(
                pictureID: pictureID, layers: layers, part: part,
                spatialLayer: UInt8(truncatingIfNeeded: index))
            if frame.isKeyframe, index == 0 { descriptor.structure = layers.spatial }
            forEachShare(of: part.range.count, room: maximumPayload - descriptor.maximumLength) { share in
                let isEnd = share.upperBound == part.range.count
                prefix.removeAll(keepingCapacity: true)
                descriptor.append(to: &prefix, begins: share.lowerBound == 0, ends: isEnd)
                let start = part.range.lowerBound
                emit(prefix, start + share.lowerBound..<start + share.upperBound, isEnd && isLastPart)
            }
        }
        pictureID = (pictureID &+ 1) & 0x7FFF
    }

    private static func wholePicture(_ frame: EncodedFrame) -> SpatialLayer {
        SpatialLayer(
            range: frame.bytes.indices, width: 0, height: 0, isInterPicture: !frame.isKeyframe,
            dependsOnLowerLayer: false, isReferencedByUpperLayer: false)
    }
}

/// What is written in front of the VP9 data of one layer of a picture, in flexible mode (RFC 9628 §4.2).
struct VP9SentDescriptor {
    let pictureID: UInt16
    let layers: FrameLayers
    let part: SpatialLayer
    let spatialLayer: UInt8
    /// All layers with their sizes, in the first packet of a key frame; else empty.
    var structure: [SpatialLayer] = []

    init(pictureID: UInt16, layers: FrameLayers, part: SpatialLayer, spatialLayer: UInt8) {
        self.pictureID = pictureID
        self.layers = layers
        self.part = part
        self.spatialLayer = spatialLayer
    }

    /// §4.2: three references at most, each at most 127 pictures back.
    private var references: [Int] {
        part.isInterPicture ? Array(layers.references.filter { (1...127).contains($0) }.prefix(3)) : []
    }

    /// Bytes of the longest form, which the first packet has.
    var maximumLength: Int { 4 + references.count + (structure.isEmpty ? 0 : 1 + 4 * structure.count) }

    func append(to bytes: inout [UInt8], begins: Bool, ends: Bool) {
        let references = references
        let hasStructure = begins && !structure.isEmpty
        // I and F are always set, L too: temporal and spatial layer are named in each packet.
        var flags: UInt8 = 0xB0
        if !references.isEmpty { flags |= 0x40 }
        if begins { flags |= 0x08 }
        if ends { flags |= 0x04 }
        if hasStructure { flags |= 0x02 }
        if !part.isReferencedByUpperLayer { flags |= 0x01 }
        bytes.append(flags)
        bytes.append(0x80 | UInt8(truncatingIfNeeded: pictureID >> 8))
        bytes.append(UInt8(truncatingIfNeeded: pictureID))
        bytes.append(
            (layers.temporalLayer & 7) << 5 | (layers.isSwitchingPoint ? 0x10 : 0) | (spatialLayer & 7) << 1
                | (part.dependsOnLowerLayer ? 1 : 0))
        for (index, distance) in references.enumerated() {
            bytes.append(UInt8(truncatingIfNeeded: distance) << 1 | (index + 1 < references.count ? 1 : 0))
        }
        if hasStructure { appendStructure(to: &bytes) }
    }

    /// The scalability structure: sizes (Y), no groups of pictures.
    private func appendStructure(to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: structure.count - 1) << 5 | 0x10)
        for layer in structure {
            bytes.append(UInt8(truncatingIfNeeded: layer.width >> 8))
            bytes.append(UInt8(truncatingIfNeeded: layer.width))
            bytes.append(UInt8(truncatingIfNeeded: layer.height >> 8))
            bytes.append(UInt8(truncatingIfNeeded: layer.height))
        }
    }
}
