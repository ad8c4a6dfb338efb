/// Which frames a VP9 stream consists of and what they depend on: L1T3, L2T3_KEY or L3T3_KEY of "Scalable Video Coding
/// (SVC) Extension for WebRTC" §6, as templates of the dependency descriptor.
///
/// A frame is one size of a picture; frames are counted through all sizes. Nothing is kept in tables, because each
/// template follows from its place in the pattern of four pictures.
struct LayerStructure: Hashable, Sendable {
    /// Each size has these, in the order that the descriptor wants: by temporal layer.
    enum Template: Int, CaseIterable, Sendable {
        case key, base, middle, firstTop, secondTop

        var temporalLayer: Int {
            switch self {
            case .key, .base: 0
            case .middle: 1
            case .firstTop, .secondTop: 2
            }
        }

        /// How many pictures lie between it and the latest one of temporal layer 0, which all chains consist of.
        var picturesSinceBase: Int {
            switch self {
            case .key: 0
            case .firstTop: 1
            case .middle: 2
            case .secondTop: 3
            case .base: 4
            }
        }

        /// How many pictures back the one lies that it is predicted from.
        var picturesBack: Int { self == .secondTop ? 1 : picturesSinceBase }
    }

    /// What a frame is to a receiver of certain layers (table A.1).
    enum Indication: Int, Sendable {
        case notPresent, discardable, switching
    }

    static let temporalLayers = 3

    /// What the picture measures in each size, the smallest first.
    let sizes: [PictureSize]

    /// Decode targets: one for each size and each temporal layer.
    var targetCount: Int { sizes.count * Self.temporalLayers }
    var templateCount: Int { sizes.count * Template.allCases.count }

    /// Bits of the decode targets of the `count` smallest sizes.
    func targets(ofSizes count: Int) -> Int { (1 << (count * Self.temporalLayers)) - 1 }

    func index(of template: Template, size: Int) -> Int { size * Template.allCases.count + template.rawValue }

    /// What a frame is to those who want a size and all temporal layers up to one.
    func indication(of template: Template, size: Int, forSize wanted: Int, upTo layer: Int) -> Indication {
        // The larger sizes are predicted from the smaller ones in key pictures only.
        guard template == .key ? wanted >= size : wanted == size else { return .notPresent }
        guard layer >= template.temporalLayer else { return .notPresent }
        switch template {
        case .key, .base: return .switching
        case .middle: return layer > 1 ? .switching : .discardable
        case .firstTop, .secondTop: return .discardable
        }
    }

    /// How many frames back the one lies that a frame is predicted from.
    func difference(of template: Template, size: Int) -> Int? {
        guard template == .key else { return template.picturesBack * sizes.count }
        return size > 0 ? 1 : nil
    }

    /// How many frames back the last one of a chain lies: all that a size cannot do without.
    func chainDifference(of template: Template, size: Int, chain: Int) -> Int {
        switch template {
        case .key: size > 0 ? size - min(size - 1, chain) : 0
        case .base where chain < size: size - chain
        default: template.picturesSinceBase * sizes.count + size - chain
        }
    }
}

extension LayerStructure {
    /// Adds the structure with the number of its first template (template_dependency_structure).
    func append(to writer: inout BitWriter, offset: Int) {
        writer.append(offset, bits: 6)
        writer.append(targetCount - 1, bits: 5)
        forEachTemplate { template, size in
            switch template {
            case .key, .firstTop: writer.append(0, bits: 2)
            case .base, .middle: writer.append(1, bits: 2)
            case .secondTop: writer.append(size + 1 < sizes.count ? 2 : 3, bits: 2)
            }
        }
        forEachTemplate { template, size in appendIndications(of: template, size, to: &writer) }
        forEachTemplate { template, size in
            if let difference = difference(of: template, size: size) {
                writer.append(true)
                writer.append(difference - 1, bits: 4)
            }
            writer.append(false)
        }
        appendChains(to: &writer)
        writer.append(true)
        for size in sizes {
            writer.append(size.width - 1, bits: 16)
            writer.append(size.height - 1, bits: 16)
        }
    }

    private func appendIndications(of template: Template, _ size: Int, to writer: inout BitWriter) {
        for wanted in sizes.indices {
            for layer in 0..<Self.temporalLayers {
                let indication = indication(of: template, size: size, forSize: wanted, upTo: layer)
                writer.append(indication.rawValue, bits: 2)
            }
        }
    }

    /// Each size has a chain of its own, for all its temporal layers.
    private func appendChains(to writer: inout BitWriter) {
        writer.append(sizes.count, of: targetCount + 1)
        for target in 0..<targetCount { writer.append(target / Self.temporalLayers, of: sizes.count) }
        forEachTemplate { template, size in
            for chain in sizes.indices {
                writer.append(chainDifference(of: template, size: size, chain: chain), bits: 4)
            }
        }
    }

    private func forEachTemplate(_ body: (Template, _ size: Int) -> Void) {
        for size in sizes.indices {
            for template in Template.allCases { body(template, size) }
        }
    }
}
