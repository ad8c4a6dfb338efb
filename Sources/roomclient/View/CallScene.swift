/// Who is in the call and what of them can be seen, as the room tells it: a value the view is drawn from.
struct CallScene: Hashable, Sendable {
    /// Somebody else in the room.
    struct Person: Hashable, Sendable {
        /// Stable name.
        var identity: String
        /// Name for people.
        var name: String
        /// Sid of the video that counts: a shared screen before a camera; `nil` = publishes none.
        var video: String?
        /// Whether that video is switched off for now.
        var isVideoMuted = false
        /// Whether the server counts the person among the speakers.
        var isSpeaking = false
    }

    /// Ourselves.
    struct Own: Hashable, Sendable {
        /// State of a device of ours.
        enum Device: Hashable, Sendable { case absent, on, muted }

        var microphone = Device.absent
        var camera = Device.absent
        var isDeafened = false
    }

    /// The others, in the order in which they came.
    var people: [Person] = []
    var own = Own()
    /// Whether the connection is being regained.
    var isReconnecting = false

    /// Takes over a new list of people, keeping the order of those who were there before.
    mutating func update(people new: [Person]) {
        let old = people.map(\.identity)
        people = new.sorted { left, right in
            let (leftRank, rightRank) = (
                old.firstIndex(of: left.identity) ?? .max, old.firstIndex(of: right.identity) ?? .max
            )
            return leftRank == rightRank ? left.identity < right.identity : leftRank < rightRank
        }
    }
}
