internal import MediaCore

/// What the renderers of one track need of it together.
enum DrawnDemand: Hashable, Sendable {
    /// Somebody takes the pictures without saying how large they are drawn.
    case full
    /// The largest size at which somebody draws it.
    case size(Dimensions)
    /// Everybody says that it cannot be seen.
    case hidden
}

/// What a renderer of a track did.
enum RendererChange: Hashable, Sendable {
    case added(ObjectIdentifier)
    case removed(ObjectIdentifier)
    /// It draws the track at a size; `nil` = not at all.
    case draws(Dimensions?, ObjectIdentifier)
}

/// The sizes at which the renderers of one track draw it.
struct DrawnSizes: Hashable, Sendable {
    private enum Report: Hashable, Sendable {
        case unknown
        case hidden
        case size(Dimensions)
    }

    private var reports: [ObjectIdentifier: Report] = [:]

    mutating func receive(_ change: RendererChange) {
        switch change {
        case .added(let id): reports[id] = reports[id] ?? .unknown
        case .removed(let id): reports[id] = nil
        case .draws(let size?, let id) where size.width > 0 && size.height > 0: reports[id] = .size(size)
        case .draws(_, let id): reports[id] = .hidden
        }
    }

    /// The largest of what they say. A renderer that says nothing needs everything, and so does a program
    /// that has no renderer yet.
    var demand: DrawnDemand {
        guard !reports.isEmpty, !reports.values.contains(.unknown) else { return .full }
        var largest: Dimensions?
        for case .size(let size) in reports.values {
            largest = Dimensions(
                width: max(largest?.width ?? 0, size.width), height: max(largest?.height ?? 0, size.height))
        }
        return largest.map { .size($0) } ?? .hidden
    }
}
