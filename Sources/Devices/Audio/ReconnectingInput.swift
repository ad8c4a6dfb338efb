import MediaCore

/// Keeps sound coming when a device fails: silence in real time, until it is back.
final class ReconnectingInput: AudioInput {
    private var connection: Reconnection<any AudioInput>

    init(
        device: String, first: any AudioInput, reopen: @escaping () throws -> any AudioInput,
        warn: @escaping (DeviceWarning) -> Void
    ) {
        connection = Reconnection(of: device, first: first, reopen: reopen, warn: warn)
    }

    func read(_ period: UnsafeMutableBufferPointer<Int16>) throws -> Bool {
        if let input = connection.next() {
            do {
                return try input.read(period)
            } catch {
                input.close()
                connection.lose(because: error)
            }
        }
        period.update(repeating: 0)
        return connection.wait()
    }

    var delay: Duration { connection.device?.delay ?? .zero }

    func close() {
        connection.device?.close()
        connection.end()
    }
}
