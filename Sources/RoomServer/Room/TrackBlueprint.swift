import LiveKitProtocol

/// How a request to publish becomes the record of a track.
enum TrackBlueprint {
    /// The first letters of the identifier: kind and source.
    static func prefix(for request: Livekit_AddTrackRequest) -> String {
        let kind = request.type == .audio ? "A" : "V"
        let source =
            switch request.source {
            case .camera: "C"
            case .microphone: "M"
            case .screenShare: "S"
            case .screenShareAudio: "s"
            default: ""
            }
        return "TR_" + kind + source
    }

    /// The record of a track that was announced and is not negotiated yet; `sid` is still empty.
    static func record(for request: Livekit_AddTrackRequest) -> Livekit_TrackInfo {
        var info = Livekit_TrackInfo()
        info.type = request.type
        info.source = request.source
        info.name = request.name
        info.muted = request.muted
        info.width = request.width
        info.height = request.height
        info.disableDtx = request.disableDtx
        info.stereo = request.stereo
        info.disableRed = request.disableRed
        info.encryption = request.encryption
        info.stream = request.stream.isEmpty ? stream(for: request.source) : request.stream
        // Nobody is moved to a codec that he does not need.
        info.backupCodecPolicy = .simulcast
        info.audioFeatures = request.audioFeatures
        info.packetTrailerFeatures = request.packetTrailerFeatures
        info.layers = ascending(request.layers)
        info.codecs = codecs(for: request)
        info.mimeType = info.codecs.first?.mimeType ?? ""
        info.simulcast = info.type == .video && info.layers.count > 1 && !isLayered(info)
        return info
    }

    private static func codecs(for request: Livekit_AddTrackRequest) -> [Livekit_SimulcastCodecInfo] {
        // A codec without a client-side id is a promise for later, not something that is sent now; the first one is.
        guard let first = request.simulcastCodecs.first, !first.cid.isEmpty else {
            var codec = Livekit_SimulcastCodecInfo()
            codec.cid = request.cid
            codec.videoLayerMode = .oneSpatialLayerPerStream
            codec.layers = ascending(request.layers)
            return [codec]
        }
        return request.simulcastCodecs.map { codec(for: $0, of: request) }
    }

    /// The record of one codec of a track.
    static func codec(
        for wish: Livekit_SimulcastCodec, of request: Livekit_AddTrackRequest
    ) -> Livekit_SimulcastCodecInfo {
        var codec = Livekit_SimulcastCodecInfo()
        codec.cid = wish.cid
        codec.mimeType = mimeType(wish.codec, request.type)
        codec.layers = ascending(wish.layers.isEmpty ? request.layers : wish.layers)
        codec.videoLayerMode = wish.videoLayerMode == .unused ? mode(wish.codec) : wish.videoLayerMode
        return codec
    }

    /// Fills in what negotiation has shown.
    static func complete(_ info: inout Livekit_TrackInfo, with section: PublishedSection) {
        info.mid = section.mid
        info.mimeType = section.mimeType
        info.simulcast = section.rids.count > 1
        info.layers = named(info.layers, section.rids)
        guard !info.codecs.isEmpty else { return }
        complete(&info.codecs[0], with: section)
        info.codecs[0].mimeType = section.mimeType
    }

    /// Fills in what negotiation has shown of one codec.
    static func complete(_ codec: inout Livekit_SimulcastCodecInfo, with section: PublishedSection) {
        codec.mid = section.mid
        codec.layers = named(codec.layers, section.rids)
        if codec.cid != section.cid { codec.sdpCid = section.cid }
    }

    /// The names of simulcast layers from the lowest up, whatever order the client gave them in.
    static func ascendingRIDs(_ rids: [String]) -> [String] {
        let known = ["q", "h", "f"]
        let plain = rids.map { $0.hasPrefix("~") ? String($0.dropFirst()) : $0 }
        if plain.allSatisfy(known.contains) { return known.filter(plain.contains) }
        // The other scheme counts down: 2 is the smallest picture.
        if plain.allSatisfy({ Int($0) != nil }) { return plain.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) } }
        return plain
    }

    private static func named(_ layers: [Livekit_VideoLayer], _ rids: [String]) -> [Livekit_VideoLayer] {
        let names = ascendingRIDs(rids)
        return zip(layers.indices, layers).map { index, layer in
            var layer = layer
            layer.spatialLayer = Int32(index)
            if names.indices.contains(index) { layer.rid = names[index] }
            return layer
        }
    }

    private static func ascending(_ layers: [Livekit_VideoLayer]) -> [Livekit_VideoLayer] {
        layers.sorted { $0.quality.rawValue < $1.quality.rawValue }
    }

    private static func stream(for source: Livekit_TrackSource) -> String {
        source == .screenShare || source == .screenShareAudio ? "screen" : "camera"
    }

    private static func mimeType(_ codec: String, _ type: Livekit_TrackType) -> String {
        if codec.contains("/") || codec.isEmpty { return codec }
        return (type == .audio ? "audio/" : "video/") + codec
    }

    private static func mode(_ codec: String) -> Livekit_VideoLayer.Mode {
        let name = codec.lowercased()
        let isLayered = name.hasSuffix("vp9") || name.hasSuffix("av1")
        return isLayered ? .multipleSpatialLayersPerStream : .oneSpatialLayerPerStream
    }

    private static func isLayered(_ info: Livekit_TrackInfo) -> Bool {
        info.codecs.first?.videoLayerMode == .multipleSpatialLayersPerStream
    }
}
