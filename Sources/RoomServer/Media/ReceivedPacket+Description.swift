import MediaCore
import PeerConnection
import RTP

extension ReceivedPacket {
    /// What the packet carries, as far as forwarding has to know.
    func describe(_ codec: CodecDescription, _ stream: Int) -> PublishedPacket {
        var description = PublishedPacket(
            stream: stream, layer: TrackLayer(spatial: stream, temporal: 0), sequence: sequence,
            timestamp: header.timestamp, isMarked: header.marker, isPadding: payload.isEmpty)
        guard !payload.isEmpty, let kind = codec.codec, kind != .opus else { return description }
        buffer.withSpan { bytes in
            description.read(bytes.extracting(payload), as: kind)
        }
        return description
    }
}

extension PublishedPacket {
    /// Takes from a payload what it says about its picture; a payload that cannot be read begins nothing.
    mutating func read(_ payload: Span<UInt8>, as codec: MediaCodec) {
        startsFrame = false
        startsLayer = false
        switch codec {
        case .vp8: readVP8(payload)
        case .vp9: readVP9(payload)
        case .h264, .av1:
            guard let info = VideoDepacketizer.make(for: codec)?.inspect(payload, marker: isMarked) else {
                return
            }
            startsFrame = info.startsFrame
            startsLayer = info.startsFrame
            isKeyframe = info.isKeyframe
        case .opus: break
        }
    }

    private mutating func readVP8(_ payload: Span<UInt8>) {
        guard let descriptor = VP8Descriptor(parsing: payload) else { return }
        startsFrame = descriptor.startsFrame
        startsLayer = descriptor.startsFrame
        isKeyframe = descriptor.startsKeyframe(in: payload)
        layer.temporal = Int(descriptor.temporalLayer ?? 0)
        if descriptor.isLayerSync { switching = .thisLayer }
        picture = VP8Counters(
            pictureID: descriptor.pictureID, hasLongPictureID: descriptor.hasLongPictureID,
            baseLayerIndex: descriptor.tl0PictureIndex, keyIndex: descriptor.keyIndex)
    }

    private mutating func readVP9(_ payload: Span<UInt8>) {
        guard let descriptor = VP9Descriptor(parsing: payload) else { return }
        startsFrame = descriptor.startsFrame
        startsLayer = descriptor.startsLayer
        endsLayer = descriptor.endsLayer
        isKeyframe = descriptor.startsKeyframe
        isInterPicture = descriptor.isInterPicture
        // With simulcast the stream says the size.
        if stream == 0 { layer.spatial = Int(descriptor.spatialLayer ?? 0) }
        layer.temporal = Int(descriptor.temporalLayer ?? 0)
        if descriptor.isSwitchingPoint { switching = .higherLayers }
    }
}
