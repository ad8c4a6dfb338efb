import MediaCore

/// Keeps the mixer running when a device fails: takes sound in real time, until it is back.
final class ReconnectingOutput: AudioOutput {
    private var connection: Reconnection<any AudioOutput>

    init(
        device: String, first: any AudioOutput, reopen: @escaping () throws -> any AudioOutput,
        warn: @escaping (DeviceWarning) -> Void
    ) {
        connection = Reconnection(of: device, first: first, reopen: reopen, warn: warn)
    }

    func write(_ period: UnsafeBufferPointer<Int16>) throws {
        if let output = connection.next() {
            do {
                return try output.write(period)
            } catch {
                output.close()
                connection.lose(because: error)
            }
        }
        _ = connection.wait()
    }

    var delay: Duration { connection.device?.delay ?? .zero }

    func close() {
        connection.device?.close()
        connection.end()
    }
}
