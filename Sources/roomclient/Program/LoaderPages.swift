import Foundation
import Glibc

/// Pages of code that were read in while program and libraries were loaded, most of which a call never runs.
enum LoaderPages {
    /// Gives them back: about 10 MiB of resident memory. What is needed again comes from the page cache.
    static func release() {
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return }
        for line in maps.split(separator: "\n") {
            guard let (start, count) = codeRange(line) else { continue }
            madvise(UnsafeMutableRawPointer(bitPattern: start), Int(count), MADV_DONTNEED)
        }
    }

    /// Address and size of a line that describes code from a file, which nobody can have written to.
    private static func codeRange(_ line: Substring) -> (start: UInt, count: UInt)? {
        let fields = line.split(separator: " ")
        guard fields.count == 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
        let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        return (ends[0], ends[1] - ends[0])
    }
}
