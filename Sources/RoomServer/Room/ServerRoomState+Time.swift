import LiveKitProtocol
import MediaCore

/// What happens by itself as time passes.
extension ServerRoomState {
    /// When `advance(to:)` has something to do.
    var nextDeadline: Deadline? {
        var next = Deadline.earliest(
            speakers.windowEnd.map { Deadline($0, .report) }, nextRound.map { Deadline($0, .report) })
        next = .earliest(next, qualityDeadline)
        for member in members {
            if member.info.state == .joined {
                next = .earliest(next, Deadline(member.joined + Self.joinLimit, .retry))
            }
            if let lost = member.connectionLost {
                next = .earliest(next, Deadline(lost + Self.lossLimit, .retry))
            }
            next = .earliest(next, Deadline(member.tokenSent + Self.tokenInterval, .retry))
        }
        return next
    }

    /// Does what is due.
    mutating func advance(to now: MonotonicTime) {
        let changes = speakers.advance(to: now)
        if !changes.isEmpty { for member in members { tellSpeakers(changes, to: member) } }
        for member in members where member.info.state == .joined && now >= member.joined + Self.joinLimit {
            dismiss(member.sid, reason: .joinFailure)
        }
        for member in members {
            guard let lost = member.connectionLost, now >= lost + Self.lossLimit else { continue }
            // Without resuming, a broken connection is mended by a new session.
            dismiss(member.sid, reason: .connectionTimeout, action: .reconnect)
        }
        for index in members.indices where now >= members[index].tokenSent + Self.tokenInterval {
            members[index].tokenSent = now
            outputs.append(.refreshToken(members[index].sid))
        }
        if let due = qualityDeadline, due.time <= now { reviewQualities(at: now) }
        if let round = nextRound, now >= round {
            nextRound = members.isEmpty ? nil : now + Self.roundInterval
            tellQuality()
            tellCounts()
        }
    }

    /// Tells a participant who is speaking, as far as it hears them.
    mutating func tellSpeakers(_ changes: [(sid: ParticipantSID, level: Double)], to member: RoomMember) {
        var message = Livekit_SpeakersChanged()
        message.speakers = changes.filter { hears(member, $0.sid) }.map { change in
            var speaker = Livekit_SpeakerInfo()
            speaker.sid = change.sid.text
            speaker.level = Float(change.level)
            speaker.active = change.level > 0
            return speaker
        }
        if !message.speakers.isEmpty { send(.speakersChanged(message), to: member.sid) }
    }

    /// Whether a participant is told about that one: itself, and whoever sends it something.
    private func hears(_ member: RoomMember, _ other: ParticipantSID) -> Bool {
        guard member.sid != other else { return true }
        guard let publisher = self.member(other) else { return false }
        return publisher.tracks.contains { member.subscriptions.contains($0.sid) }
    }

    /// Says how much of what a participant sends arrives nowhere: 0 = nothing is lost, 1 = everything.
    mutating func measured(lostShare: Double, from sid: ParticipantSID) {
        guard let index = index(of: sid) else { return }
        members[index].lostShare = lostShare
    }

    private mutating func tellQuality() {
        for index in members.indices where members[index].info.state == .active {
            var message = Livekit_ConnectionQualityUpdate()
            for other in members where other.info.state == .active && hears(members[index], other.sid) {
                let quality = QualityInfo.make(other)
                guard
                    members[index].toldQuality.updateValue(quality.quality, forKey: other.sid)
                        != quality.quality
                else { continue }
                message.updates.append(quality)
            }
            if !message.updates.isEmpty { send(.connectionQuality(message), to: members[index].sid) }
        }
    }

    private mutating func tellCounts() {
        guard areCountsStale else { return }
        areCountsStale = false
        let visible = members.filter { !$0.isHidden }
        room.numParticipants = UInt32(visible.count)
        room.numPublishers = UInt32(visible.count { $0.info.isPublisher })
        var update = Livekit_RoomUpdate()
        update.room = room
        for member in members { send(.roomUpdate(update), to: member.sid) }
    }
}

/// How good a connection is, as everybody is told.
enum QualityInfo {
    /// The quality of a participant's connection, from what it loses.
    static func make(_ member: RoomMember) -> Livekit_ConnectionQualityInfo {
        // Each percent of loss takes four points of a hundred: one in ten packets lost is a bad call.
        let points = max(0, 100 - 400 * member.lostShare)
        var info = Livekit_ConnectionQualityInfo()
        info.participantSid = member.info.sid
        info.quality = points > 80 ? .excellent : points > 40 ? .good : points > 20 ? .poor : .lost
        info.score = Float(1 + 3.5 * points / 100)
        return info
    }
}
