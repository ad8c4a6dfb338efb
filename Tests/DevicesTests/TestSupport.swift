import Foundation
import MediaCore

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
