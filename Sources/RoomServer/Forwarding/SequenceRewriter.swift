/// Numbers what goes out in one stream without gaps of our making: packets, or pictures.
///
/// The stream is fed by one source at a time. What the publisher lost stays a gap, so that the subscriber asks for it
/// and the late packet still fits in; what the server leaves out is closed.
struct SequenceRewriter: Sendable {
    /// From this incoming number on, outgoing = incoming - offset.
    private struct Step {
        /// The first number that was left out right before; `from` when there is none.
        var leftOut: Int64
        var from: Int64
        var offset: Int64
    }

    /// The steps of the current source, oldest first.
    private var steps: [Step] = []
    /// Highest number seen of the current source.
    private var highestInput: Int64 = 0
    /// Highest number given out; `nil` before the first one.
    private(set) var highestOutput: Int64?

    /// How many runs of left-out numbers are remembered for late arrivals.
    private static let memory = 64

    /// Makes a rewriter that has given out nothing.
    init() {}

    /// Starts with a new source, or again after a pause: `input` follows whatever was given out last.
    mutating func begin(at input: Int64) {
        let next = highestOutput.map { $0 &+ 1 } ?? input
        steps = [Step(leftOut: input, from: input, offset: input &- next)]
        highestInput = input &- 1
    }

    /// Leaves a number out; those behind it close up. Too late for that, it stays a gap.
    mutating func skip(_ input: Int64) {
        guard let last = steps.last, input > highestInput else { return }
        highestInput = input
        let step = Step(leftOut: input, from: input &+ 1, offset: last.offset &+ 1)
        if last.from == input, last.leftOut < input {
            // A run of numbers is one step.
            steps[steps.count - 1] = Step(leftOut: last.leftOut, from: step.from, offset: step.offset)
        } else {
            steps.append(step)
            if steps.count > Self.memory { steps.removeFirst() }
        }
    }

    /// The outgoing number, or `nil` when it lies in front of the beginning or was left out.
    mutating func take(_ input: Int64) -> Int64? {
        guard let index = steps.lastIndex(where: { $0.from <= input }) else { return nil }
        if index + 1 < steps.count, steps[index + 1].leftOut <= input { return nil }
        let output = input &- steps[index].offset
        highestInput = max(highestInput, input)
        highestOutput = max(highestOutput ?? output, output)
        return output
    }
}
