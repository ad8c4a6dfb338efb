/// Who is shown large: the one a person chose, else the one who speaks, else whoever was shown before.
struct Focus: Hashable, Sendable {
    /// Chosen by key; holds until that person leaves or the choice is taken back.
    private(set) var chosen: String?
    /// Shown at the moment.
    private(set) var current: String?

    init() {}

    /// Chooses the next person in order, after the last the first again.
    mutating func chooseNext(in people: [CallScene.Person]) {
        guard !people.isEmpty else { return }
        let index = people.firstIndex { $0.identity == current } ?? -1
        chosen = people[(index + 1) % people.count].identity
    }

    /// Chooses the person with a number, from 1.
    mutating func choose(number: Int, in people: [CallScene.Person]) {
        guard people.indices.contains(number - 1) else { return }
        chosen = people[number - 1].identity
    }

    /// Lets the speaker decide again.
    mutating func chooseNobody() { chosen = nil }

    /// Decides at this moment; `isLive` says whose picture moves.
    mutating func update(_ people: [CallScene.Person], isLive: (CallScene.Person) -> Bool) -> CallScene
        .Person?
    {
        if let person = people.first(where: { $0.identity == chosen }) {
            current = person.identity
            return person
        }
        chosen = nil
        let person = people.max { rank($0, isLive) < rank($1, isLive) }
        current = person?.identity
        return person
    }

    /// A moving picture counts most, then speaking, then having been shown; the first of equals wins.
    private func rank(_ person: CallScene.Person, _ isLive: (CallScene.Person) -> Bool) -> Int {
        (isLive(person) ? 4 : 0) + (person.isSpeaking ? 2 : 0) + (person.identity == current ? 1 : 0)
    }
}
