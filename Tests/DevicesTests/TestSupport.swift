import Foundation
import MediaCore

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        // SplitMix64
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// A path in the temporary folder that nothing has yet.
func temporaryPath(_ ending: String) -> String {
    FileManager.default.temporaryDirectory.appending(path: "devices-\(UUID()).\(ending)").path
}

/// Reads whole periods until `count` samples are there.
func read(_ count: Int, from input: any AudioInput) throws -> [Int16] {
    var samples: [Int16] = []
    var period = [Int16](repeating: 0, count: 480)
    while samples.count < count {
        guard try period.withUnsafeMutableBufferPointer({ try input.read($0) }) else { break }
        samples += period
    }
    return samples
}

/// Frequency of a clean tone, by its upward zero crossings.
func frequency(of samples: some Collection<Int16>) -> Double {
    let values = Array(samples)
    let crossings = values.indices.dropFirst().filter { values[$0 - 1] < 0 && values[$0] >= 0 }
    guard let first = crossings.first, let last = crossings.last, last > first else { return 0 }
    return Double(crossings.count - 1) * 48_000 / Double(last - first)
}

/// Runs a program to its end; its exit status, -1 when it cannot be run.
func runProgram(_ arguments: [String]) -> Int32 {
    ChildProcess(arguments)?.wait() ?? -1
}
