/// Lets receivers measure the round trip too: reference times and their echoes (RFC 3611). Other blocks
/// are left out.
package struct ExtendedReport: Hashable, Sendable {
    /// The echo of one reference time (RFC 3611 §4.5).
    package struct Delay: Hashable, Sendable {
        /// Whose reference time it was.
        package var ssrc: SSRC
        /// Middle 32 bits of that time.
        package var lastReceiverReport: UInt32
        /// Time since it arrived in 1/65,536 s.
        package var delay: UInt32

        /// Makes an echo.
        package init(ssrc: SSRC, lastReceiverReport: UInt32, delay: UInt32) {
            self.ssrc = ssrc
            self.lastReceiverReport = lastReceiverReport
            self.delay = delay
        }
    }

    /// Who reports.
    package var ssrc: SSRC
    /// Wall clock of a receiver (RRTR, RFC 3611 §4.4).
    package var referenceTime: NTPTime?
    /// Echoes of such times (DLRR, RFC 3611 §4.5).
    package var delays: [Delay]

    /// Makes a report.
    package init(ssrc: SSRC, referenceTime: NTPTime? = nil, delays: [Delay] = []) {
        self.ssrc = ssrc
        self.referenceTime = referenceTime
        self.delays = delays
    }

    init?(parsing body: Span<UInt8>) {
        guard let ssrc = body.uint32(at: 0) else { return nil }
        self.init(ssrc: SSRC(ssrc))
        var offset = 4
        while let type = body.byte(at: offset), let words = body.uint16(at: offset + 2) {
            let start = offset + 4
            let end = start + 4 * Int(words)
            guard end <= body.count else { return nil }
            if type == 4, words == 2 {
                referenceTime = body.uint64(at: start).map(NTPTime.init(value:))
            } else if type == 5 {
                readDelays(in: start..<end, of: body)
            }
            offset = end
        }
    }

    private mutating func readDelays(in range: Range<Int>, of body: Span<UInt8>) {
        var offset = range.lowerBound
        while offset + 12 <= range.upperBound,
            let ssrc = body.uint32(at: offset),
            let report = body.uint32(at: offset + 4),
            let delay = body.uint32(at: offset + 8)
        {
            delays.append(Delay(ssrc: SSRC(ssrc), lastReceiverReport: report, delay: delay))
            offset += 12
        }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendPacket(type: RTCPType.extendedReport, format: 0) { body in
            body.append(bigEndian: ssrc.value)
            if let referenceTime {
                body.append(bigEndian: 0x0400_0002 as UInt32)
                body.append(bigEndian: referenceTime.value)
            }
            guard !delays.isEmpty else { return }
            body.append(bigEndian: 0x0500_0000 | UInt32(UInt16(clamping: 3 * delays.count)))
            for delay in delays.prefix(0xFFFF / 3) {
                body.append(bigEndian: delay.ssrc.value)
                body.append(bigEndian: delay.lastReceiverReport)
                body.append(bigEndian: delay.delay)
            }
        }
    }
}
