/// What an SCTP user message of a data channel is (RFC 8831 §8).
enum PayloadProtocol: UInt32, Hashable, Sendable {
    /// A message of the data channel establishment protocol.
    case control = 50
    case text = 51
    case binary = 53
    /// An empty text: SCTP cannot send nothing, so one byte goes that does not count.
    case emptyText = 56
    /// An empty binary message.
    case emptyBinary = 57

    /// How an application message is marked.
    init(isText: Bool, isEmpty: Bool) {
        switch (isText, isEmpty) {
        case (true, true): self = .emptyText
        case (true, false): self = .text
        case (false, true): self = .emptyBinary
        case (false, false): self = .binary
        }
    }
}
