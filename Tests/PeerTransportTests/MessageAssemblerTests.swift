import Testing

@testable import PeerTransport

@Suite("Message assembly")
struct MessageAssemblerTests {
    @Test("parts of several streams come together")
    func interleaved() {
        var assembler = MessageAssembler(limit: 10)
        #expect(assembler.add([1], 0) == nil)
        #expect(assembler.add([2], 1) == nil)
        #expect(assembler.add([3], 0, isLast: true) == [1, 3])
        #expect(assembler.add([], 1, isLast: true) == [2])
        #expect(assembler.add([], 1, isLast: true) == [])
    }

    @Test("a message over the limit is dropped to its end, the next one is not")
    func tooLong() {
        var assembler = MessageAssembler(limit: 4)
        #expect(assembler.add([1, 2, 3], 0) == nil)
        #expect(assembler.add([4, 5], 0) == nil)
        #expect(assembler.add([6], 0, isLast: true) == nil)
        #expect(assembler.dropped == 1)
        #expect(assembler.add([1, 2, 3, 4], 0, isLast: true) == [1, 2, 3, 4])
        #expect(assembler.add([1, 2, 3, 4, 5], 0, isLast: true) == nil)
        #expect(assembler.add([1], 0, isLast: true) == [1])
    }

    @Test("the limit holds for all unfinished messages together")
    func commonLimit() {
        var assembler = MessageAssembler(limit: 4)
        #expect(assembler.add([1, 2, 3], 0) == nil)
        #expect(assembler.add([4, 5], 1) == nil)
        #expect(assembler.add([4], 0, isLast: true) == [1, 2, 3, 4])
        #expect(assembler.dropped == 1)
    }

    @Test("a reset stream starts anew")
    func forget() {
        var assembler = MessageAssembler(limit: 4)
        #expect(assembler.add([1, 2], 0) == nil)
        assembler.forget(0)
        #expect(assembler.add([3], 0, isLast: true) == [3])
    }
}

extension MessageAssembler {
    fileprivate mutating func add(_ bytes: [UInt8], _ stream: UInt16, isLast: Bool = false) -> [UInt8]? {
        bytes.withUnsafeBytes { receive($0, on: stream, isUnordered: false, isLast: isLast) }
    }
}
