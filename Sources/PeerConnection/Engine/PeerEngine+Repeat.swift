import MediaCore
import RTP

// Repeating what the other side misses.
extension PeerEngine {
    /// A longer queue loses packets of its own making, and copies would only lengthen it.
    private static let longestQueue: Duration = .milliseconds(50)
    private static let assumedRoundTrip: Duration = .milliseconds(20)

    /// Repeats what is asked for, at most once per round trip.
    mutating func answer(_ feedback: NackFeedback, at now: MonotonicTime) {
        let pause = max((roundTrip.roundTrip ?? Self.assumedRoundTrip) * 4 / 5, .milliseconds(5))
        for section in senders.indices {
            guard let encoding = senders[section].encoding(feedback.media) else { continue }
            let count = feedback.lost.count
            _ = senders[section].withEncoding(encoding) { $0.stream.noteRequest(packets: count) }
            for sequence in feedback.lost {
                answer(sequence, section: section, encoding: encoding, pause: pause, at: now)
            }
        }
        sendPaced(at: now)
    }

    /// Repeats one packet, before the pictures that wait.
    private mutating func answer(
        _ sequence: UInt16, section: Int, encoding: Int, pause: Duration, at now: MonotonicTime
    ) {
        let size = senders[section].withEncoding(encoding) {
            $0.isGivenUp(sequence, at: now) ? nil : $0.stream.beginRepeat(of: sequence, at: now, pause: pause)
        }
        guard let size = size ?? nil else { return }
        let isForwarding = senders[section].isForwarding
        guard repeatBudget.take(size, of: bandwidth.capacity, isForwarding: isForwarding, at: now) else {
            return giveUp(section: section, encoding: encoding, at: now)
        }
        enqueueRepeat(of: sequence, size, section: section, encoding: encoding, at: now)
        guard wantsCopies(section: section, encoding: encoding) else { return }
        copies.append(
            stream: section << 4 | encoding, sequence: sequence,
            roundTrip: roundTrip.roundTrip ?? Self.assumedRoundTrip, at: now)
    }

    private mutating func enqueueRepeat(
        of sequence: UInt16, _ size: Int, section: Int, encoding: Int, at now: MonotonicTime
    ) {
        repeatRate.receive(bytes: size, at: now)
        let stream = section << 4 | encoding
        _ = pacer.append(.init(stream: stream, sequence: sequence, byteCount: size, isRepeat: true))
    }

    /// Whether repeats get lost as well, and not in a queue of ours.
    private func wantsCopies(section: Int, encoding: Int) -> Bool {
        guard senders[section].description?.kind == .video, bandwidth.target != nil,
            bandwidth.paceFactor > 1, bandwidth.queueDelay < Self.longestQueue
        else { return false }
        return senders[section].encodings[encoding].loss.percent >= RepeatCopies.leastLoss
    }

    /// Sends the second copies of repeats that are due, from what the repeats leave of their share.
    mutating func sendCopies(at now: MonotonicTime) {
        while let copy = copies.next(at: now) {
            let (section, encoding) = (copy.stream >> 4, copy.stream & 15)
            guard senders.indices.contains(section),
                let size = senders[section].withEncoding(
                    encoding,
                    { encoding -> Int? in
                        encoding.isGivenUp(copy.sequence, at: now)
                            ? nil : encoding.stream.size(of: copy.sequence)
                    }) ?? nil,
                wantsCopies(section: section, encoding: encoding),
                repeatBudget.take(
                    size, of: bandwidth.capacity, isForwarding: senders[section].isForwarding,
                    leaving: RepeatBudget.shareOfRepeats, at: now)
            else { continue }
            enqueueRepeat(of: copy.sequence, size, section: section, encoding: encoding, at: now)
        }
    }

    /// More is missing than can be repeated in time: a key frame is smaller, and ends the wait.
    private mutating func giveUp(section: Int, encoding: Int, at now: MonotonicTime) {
        guard senders[section].description?.kind == .video, !senders[section].isForwarding else { return }
        let isNew = senders[section].withEncoding(encoding) { $0.giveUp(at: now) }
        guard isNew ?? false else { return }
        // What waits builds on what is missing.
        let stream = section << 4 | encoding
        pacer.removeAll { $0 == stream }
        // What was repeated until now takes nothing from the key frame.
        repeatRate = RepeatRate()
        senders[section].encodings[encoding].isWaitingForKeyframe = true
        let source = senders[section].encodings[encoding].stream.configuration.ssrc
        outputs.append(.event(.keyframeRequested(senders[section].mid, source)))
    }
}
