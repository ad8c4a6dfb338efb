/// The header extensions found in, or to be written into, one packet. It is stored inline.
///
/// Values that matter here are properties. Opaque ones are known by their place in the packet they came
/// from, so that a forwarder can copy them without understanding them.
package struct HeaderExtensions: Hashable, Sendable {
    /// The media section the packet belongs to (RFC 8843 §15).
    package var mid: ShortText?
    /// The simulcast layer the packet belongs to (RFC 8852 §3.1).
    package var rid: ShortText?
    /// The simulcast layer a retransmission repairs (RFC 8852 §3.2).
    package var repairedRid: ShortText?
    /// Loudness of the packet (RFC 6464).
    package var audioLevel: AudioLevel?
    /// Number of the packet among all of its transport (draft-holmer-rmcat-transport-wide-cc-extensions §2).
    package var transportSequence: UInt16?
    /// When the packet left, in 6.18 fixed point seconds: 24 bits.
    package var absoluteSendTime: UInt32?

    /// Where the value of each kind begins, plus one, by its index; zero means "not there".
    private var offsets = SIMD16<UInt16>()
    private var lengths = SIMD16<UInt8>()

    /// Makes a set without any.
    package init() {}

    /// Where the value of a kind lies in the packet that was parsed; `nil` when it is not there.
    package func rawRange(of kind: HeaderExtensionKind) -> Range<Int>? {
        let start = Int(offsets[kind.index])
        return start == 0 ? nil : start - 1..<start - 1 + Int(lengths[kind.index])
    }

    /// Forgets where an opaque value lies, so that it is not copied.
    package mutating func forgetRawRange(of kind: HeaderExtensionKind) {
        offsets[kind.index] = 0
    }

    /// Says where an opaque value lies in the bytes that are kept with a packet made here; false when it is too long or
    /// too far behind.
    @discardableResult
    mutating func setRawRange(of kind: HeaderExtensionKind, to range: Range<Int>) -> Bool {
        guard let length = UInt8(exactly: range.count), let offset = UInt16(exactly: range.lowerBound + 1)
        else {
            return false
        }
        offsets[kind.index] = offset
        lengths[kind.index] = length
        return true
    }

    /// Takes one element of a parsed packet; the first of a kind counts, and a value of the wrong length
    /// does not.
    mutating func read(_ kind: HeaderExtensionKind, at range: Range<Int>, of packet: Span<UInt8>) {
        guard range.upperBound <= packet.count, rawRange(of: kind) == nil,
            setRawRange(of: kind, to: range)
        else { return }
        switch kind {
        case .mid: mid = ShortText(packet.extracting(range))
        case .rid: rid = ShortText(packet.extracting(range))
        case .repairedRid: repairedRid = ShortText(packet.extracting(range))
        case .audioLevel:
            guard range.count == 1 else { return }
            audioLevel = packet.byte(at: range.lowerBound).map(AudioLevel.init(byte:))
        case .transportSequence:
            // Version 02 of the draft appends a feedback request of two bytes.
            guard range.count == 2 || range.count == 4 else { return }
            transportSequence = packet.uint16(at: range.lowerBound)
        case .absoluteSendTime:
            guard range.count == 3 else { return }
            absoluteSendTime = packet.uint24(at: range.lowerBound)
        case .absoluteCaptureTime, .dependencyDescriptor, .playoutDelay: break
        }
    }

    /// Bytes the value of a kind takes on the wire; zero when there is none. `original` is where opaque
    /// values are.
    func length(of kind: HeaderExtensionKind, copying original: Span<UInt8>) -> Int {
        switch kind {
        case .mid: return mid?.count ?? 0
        case .rid: return rid?.count ?? 0
        case .repairedRid: return repairedRid?.count ?? 0
        case .audioLevel: return audioLevel == nil ? 0 : 1
        case .transportSequence: return transportSequence == nil ? 0 : 2
        case .absoluteSendTime: return absoluteSendTime == nil ? 0 : 3
        case .absoluteCaptureTime, .dependencyDescriptor, .playoutDelay:
            guard let range = rawRange(of: kind), range.upperBound <= original.count else { return 0 }
            return range.count
        }
    }
}
