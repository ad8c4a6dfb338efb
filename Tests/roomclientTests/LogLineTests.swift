import Foundation
import Logging
import Testing

@testable import roomclient

/// The form of log lines.
struct LogLineTests {
    @Test("a line is time - LEVEL - message")
    func form() throws {
        let line = StandardErrorLog.line(
            level: .warning, message: "Without a camera", metadata: ["b": "2", "a": "1"], at: Date())
        let form = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - WARNING - Without a camera a=1 b=2\n/
        #expect(try form.wholeMatch(in: line) != nil)
    }

    @Test("a notice is an INFO")
    func notice() {
        #expect(
            StandardErrorLog.line(level: .notice, message: "x", metadata: [:], at: Date()).contains(
                " - INFO - x"))
    }
}
