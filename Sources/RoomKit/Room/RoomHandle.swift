/// The way from a value a program holds back to the room it came from; a room that is gone answers nothing.
struct RoomHandle: Sendable {
    private final class Reference: Sendable {
        weak let room: Room?

        init(_ room: Room?) { self.room = room }
    }

    private let reference: Reference

    init(_ room: Room?) { reference = Reference(room) }

    var room: Room? { reference.room }

    /// The room, or the error that says it is gone.
    func required() throws(RoomError) -> Room {
        guard let room else {
            throw RoomError(.invalidState, "The room of this object no longer exists; connect again.")
        }
        return room
    }
}
