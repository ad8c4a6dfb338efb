package import MediaCore

/// Tells forwarders and receivers in each packet of VP9 which frame it belongs to and what that depends on: the
/// dependency descriptor of the RTP payload format for AV1, Appendix A.
///
/// A key picture says it all as templates (`LayerStructure`); later frames name theirs in three bytes. What differs from
/// the template, after sizes were left out, is said as it is.
package struct DependencyDescriptorWriter: Sendable {
    /// One picture, all sizes of which are frames with successive numbers.
    private struct Picture {
        let parts: [SpatialLayer]
        let template: LayerStructure.Template
        let first: UInt16
        /// How many frames back the picture lies that it is predicted from.
        let difference: Int?
        /// The last frame of each chain before it.
        let chains: SIMD4<UInt16>
    }

    /// Bytes that a descriptor takes at most, with the structure and without.
    static let longest = (keyPicture: 96, other: 12)

    /// What was said last; a structure that differs gets other numbers.
    private var structure: LayerStructure?
    /// Whether the structure is that of the current key picture.
    private var isDescribed = false
    private var picture: Picture?
    private var history = PictureHistory()
    private var chains = SIMD4<UInt16>()
    private var nextFrame: UInt16
    /// Number of the first template.
    private var offset = 0
    private var writer = BitWriter()

    /// Begins with a given frame number, which should be random.
    package init(frameNumber: UInt16) {
        nextFrame = frameNumber
    }

    /// The descriptor that was made last; empty when there is none.
    package var bytes: [UInt8] { writer.bytes }

    /// Takes the picture whose packets follow; answers how many bytes their descriptors need at most.
    ///
    /// A picture without layers, or before the first key picture, has no descriptor.
    package mutating func begin(_ frame: EncodedFrame) -> Int {
        picture = nil
        if frame.isKeyframe { adopt(frame.layers?.spatial ?? []) }
        guard isDescribed, let structure, let layers = frame.layers,
            let next = place(layers, isKeyframe: frame.isKeyframe, in: structure)
        else {
            isDescribed = false
            return 0
        }
        picture = next
        history.append(first: next.first, count: next.parts.count)
        nextFrame &+= UInt16(truncatingIfNeeded: next.parts.count)
        if next.template.temporalLayer == 0 {
            for chain in next.parts.indices { chains[chain] = next.first &+ UInt16(chain) }
        }
        return frame.isKeyframe ? Self.longest.keyPicture : Self.longest.other
    }

    /// Makes the descriptor of a packet that has this part of the picture's bytes.
    package mutating func describe(_ range: Range<Int>) {
        writer.removeAll()
        guard let structure, let picture,
            let size = picture.parts.firstIndex(where: {
                $0.range.lowerBound <= range.lowerBound && range.upperBound <= $0.range.upperBound
            })
        else { return }
        let part = picture.parts[size].range
        let isFirst = range.lowerBound == part.lowerBound
        writer.append(isFirst)
        writer.append(range.upperBound == part.upperBound)
        writer.append((offset + structure.index(of: picture.template, size: size)) % 64, bits: 6)
        writer.append(Int(picture.first &+ UInt16(size)), bits: 16)
        appendExtension(structure, picture, size, hasStructure: isFirst && size == 0)
    }

    /// Templates of another structure get other numbers, lest they be mixed up (semantics of template_id_offset).
    private mutating func adopt(_ parts: [SpatialLayer]) {
        history = PictureHistory()
        isDescribed = (1...3).contains(parts.count)
        let new = LayerStructure(sizes: parts.map { PictureSize(width: $0.width, height: $0.height) })
        guard isDescribed, new != structure else { return }
        offset = (offset + (structure?.templateCount ?? 0)) % 64
        structure = new
    }

    private func place(
        _ layers: FrameLayers, isKeyframe: Bool, in structure: LayerStructure
    ) -> Picture? {
        let parts = layers.spatial
        guard (1...structure.sizes.count).contains(parts.count) else { return nil }
        if isKeyframe {
            return Picture(parts: parts, template: .key, first: nextFrame, difference: nil, chains: chains)
        }
        guard let back = layers.references.first, layers.references.count == 1,
            let source = history.first(back: back, havingSizes: parts.count)
        else { return nil }
        let template: LayerStructure.Template
        switch layers.temporalLayer {
        case 0: template = .base
        case 1: template = .middle
        case 2: template = layers.isSwitchingPoint ? .firstTop : .secondTop
        default: return nil
        }
        return Picture(
            parts: parts, template: template, first: nextFrame, difference: Int(nextFrame &- source),
            chains: chains)
    }
}

extension DependencyDescriptorWriter {
    /// What goes beyond the template: the structure, which sizes there are, other differences
    /// (extended_descriptor_fields and frame_dependency_definition).
    private mutating func appendExtension(
        _ structure: LayerStructure, _ picture: Picture, _ size: Int, hasStructure: Bool
    ) {
        let isKeyPicture = picture.template == .key
        let count = picture.parts.count
        let hasAllSizes = count == structure.sizes.count
        let difference = picture.difference.flatMap {
            $0 == structure.difference(of: picture.template, size: size) ? nil : $0
        }
        let hasOtherChains = (0..<count).contains {
            chainDifference(picture, size, $0)
                != structure.chainDifference(of: picture.template, size: size, chain: $0)
        }
        let isStructureSent = hasStructure && isKeyPicture
        guard isStructureSent || !hasAllSizes || difference != nil || hasOtherChains else { return }
        writer.append(isStructureSent)
        writer.append(!hasAllSizes)
        writer.append(false)
        writer.append(difference != nil)
        writer.append(hasOtherChains)
        if isStructureSent { structure.append(to: &writer, offset: offset) }
        if !hasAllSizes { writer.append(structure.targets(ofSizes: count), bits: structure.targetCount) }
        if let difference { append(difference: difference) }
        guard hasOtherChains else { return }
        for chain in structure.sizes.indices {
            // A chain that goes on no more has no last frame worth naming.
            writer.append(chain < count ? chainDifference(picture, size, chain) : 0, bits: 8)
        }
    }

    /// frame_fdiffs: a list whose members take four, eight or twelve bits.
    private mutating func append(difference: Int) {
        let nibbles = difference <= 16 ? 1 : difference <= 256 ? 2 : 3
        writer.append(nibbles, bits: 2)
        writer.append(difference - 1, bits: 4 * nibbles)
        writer.append(0, bits: 2)
    }

    private func chainDifference(_ picture: Picture, _ size: Int, _ chain: Int) -> Int {
        if size > 0, picture.template == .key { return size - min(size - 1, chain) }
        if picture.template == .key { return 0 }
        if chain < size, picture.template == .base { return size - chain }
        return Int(picture.first &+ UInt16(size) &- picture.chains[chain])
    }
}
