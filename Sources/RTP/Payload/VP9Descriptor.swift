/// What stands in front of the VP9 data in each packet (RFC 9628 §4.2).
package struct VP9Descriptor: Hashable, Sendable {
    /// Number of the picture: 7 or 15 bits (I).
    package private(set) var pictureID: UInt16?
    /// Whether the picture depends on an earlier one (P).
    package private(set) var isInterPicture: Bool
    /// Whether references are named in each packet instead of by TL0PICIDX and a structure (F).
    package private(set) var isFlexible: Bool
    /// Whether a layer of the picture begins with this packet (B).
    package private(set) var startsLayer: Bool
    /// Whether a layer of the picture ends with this packet (E).
    package private(set) var endsLayer: Bool
    /// Whether no higher spatial layer depends on this one (Z).
    package private(set) var isNotForUpperLayers: Bool
    /// Temporal layer, 0...7.
    package private(set) var temporalLayer: UInt8?
    /// Whether a receiver may begin to take this temporal layer here (U).
    package private(set) var isSwitchingPoint = false
    /// Spatial layer, 0...7.
    package private(set) var spatialLayer: UInt8?
    /// Whether this layer depends on the spatial layer below it (D).
    package private(set) var dependsOnLowerLayer = false
    /// Where in the payload the byte stands that names the layers; D is its lowest bit.
    package private(set) var layersOffset: Int?
    /// Number of the latest picture of temporal layer 0; not in flexible mode.
    package private(set) var tl0PictureIndex: UInt8?
    /// Size of the highest spatial layer, where a scalability structure says it.
    package private(set) var size: PictureSize?
    /// Bytes the descriptor takes in front of the data.
    package private(set) var encodedLength = 1

    /// Reads the descriptor of a payload; `nil` when it is cut short or nothing follows it.
    package init?(parsing payload: Span<UInt8>) {
        guard let first = payload.byte(at: 0) else { return nil }
        isInterPicture = first & 0x40 != 0
        isFlexible = first & 0x10 != 0
        startsLayer = first & 0x08 != 0
        endsLayer = first & 0x04 != 0
        isNotForUpperLayers = first & 0x01 != 0
        if first & 0x80 != 0 {
            guard readPictureID(of: payload) else { return nil }
        } else if isFlexible {
            // §4.2: flexible mode needs picture numbers.
            return nil
        }
        if first & 0x20 != 0, !readLayers(of: payload) { return nil }
        if isFlexible, isInterPicture, !skipReferences(of: payload) { return nil }
        if first & 0x02 != 0, !readStructure(of: payload) { return nil }
        guard payload.count > encodedLength else { return nil }
    }

    private mutating func readPictureID(of payload: Span<UInt8>) -> Bool {
        guard let number = payload.byte(at: encodedLength) else { return false }
        if number & 0x80 == 0 {
            pictureID = UInt16(number)
            encodedLength += 1
            return true
        }
        guard let number = payload.uint16(at: encodedLength) else { return false }
        pictureID = number & 0x7FFF
        encodedLength += 2
        return true
    }

    private mutating func readLayers(of payload: Span<UInt8>) -> Bool {
        guard let byte = payload.byte(at: encodedLength) else { return false }
        temporalLayer = byte >> 5
        isSwitchingPoint = byte & 0x10 != 0
        spatialLayer = byte >> 1 & 7
        dependsOnLowerLayer = byte & 1 != 0
        layersOffset = encodedLength
        encodedLength += 1
        guard !isFlexible else { return true }
        guard let index = payload.byte(at: encodedLength) else { return false }
        tl0PictureIndex = index
        encodedLength += 1
        return true
    }

    /// Up to three bytes P_DIFF, each of which says in its last bit (N) whether another follows.
    private mutating func skipReferences(of payload: Span<UInt8>) -> Bool {
        for _ in 0..<3 {
            guard let byte = payload.byte(at: encodedLength) else { return false }
            encodedLength += 1
            if byte & 1 == 0 { return true }
        }
        // §4.2: a fourth reference is not allowed.
        return false
    }

    /// The scalability structure: sizes of the spatial layers (Y), and groups of pictures (G), which are
    /// skipped.
    private mutating func readStructure(of payload: Span<UInt8>) -> Bool {
        guard let byte = payload.byte(at: encodedLength) else { return false }
        encodedLength += 1
        if byte & 0x10 != 0 {
            let last = encodedLength + 4 * Int(byte >> 5)
            guard let width = payload.uint16(at: last), let height = payload.uint16(at: last + 2) else {
                return false
            }
            size = PictureSize(width: Int(width), height: Int(height))
            encodedLength = last + 4
        }
        guard byte & 0x08 != 0 else { return true }
        guard let pictures = payload.byte(at: encodedLength) else { return false }
        encodedLength += 1
        for _ in 0..<pictures {
            guard let picture = payload.byte(at: encodedLength) else { return false }
            encodedLength += 1 + Int(picture >> 2 & 3)
        }
        return true
    }
}
