/// Numbers the packets of one outgoing stream without gaps of our making.
///
/// The stream is fed by one layer at a time. What the publisher lost stays a gap, so that the subscriber asks for it
/// and the late packet still fits in; what the server leaves out is closed.
struct SequenceRewriter: Sendable {
    /// From this incoming number on, outgoing = incoming - offset.
    private struct Step {
        var from: Int64
        var offset: Int64
    }

    /// The steps of the current source, oldest first.
    private var steps: [Step] = []
    /// Highest number taken from the current source.
    private var highestInput: Int64 = 0
    /// Highest number given out; `nil` before the first packet.
    private var highestOutput: Int64?

    /// How many left-out packets are remembered for late arrivals.
    private static let memory = 64

    /// Makes a rewriter that has sent nothing.
    init() {}

    /// Starts with a new source, or again after a pause: `input` follows whatever was sent last.
    mutating func begin(at input: Int64) {
        let next = highestOutput.map { $0 &+ 1 } ?? input
        steps = [Step(from: input, offset: input &- next)]
        highestInput = input &- 1
    }

    /// Leaves a packet out; those behind it close up. Too late for that, it stays a gap.
    mutating func skip(_ input: Int64) {
        guard let last = steps.last, input > highestInput else { return }
        highestInput = input
        steps.append(Step(from: input &+ 1, offset: last.offset &+ 1))
        if steps.count > Self.memory { steps.removeFirst() }
    }

    /// The outgoing number of a packet, or `nil` when it belongs in front of the beginning.
    mutating func take(_ input: Int64) -> UInt16? {
        guard let step = steps.last(where: { $0.from <= input }) else { return nil }
        let output = input &- step.offset
        highestInput = max(highestInput, input)
        highestOutput = max(highestOutput ?? output, output)
        return UInt16(truncatingIfNeeded: output)
    }
}
