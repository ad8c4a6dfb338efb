internal import Codecs
internal import Foundation
internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection
internal import RTP

/// A track of ours before the server has accepted it: what it is told, and what will be negotiated.
struct TrackAnnouncement: Sendable {
    let request: Livekit_AddTrackRequest
    /// Names and sources of the section.
    let sending: LocalMedia
    /// The sizes it is offered in, the lowest first; empty for sound.
    let layers: [VideoLayer]
    /// What it may be encoded with, the preferred first.
    let codecs: [MediaCodec]

    /// Pictures, in one or several sizes, with the codec of the options.
    init(video options: VideoPublishOptions, format: VideoFormat, cname: String) {
        let plan = VideoLayerPlan(
            format: format, isScreen: options.source == .screenShareVideo, isSimulcast: options.simulcast,
            maximumBitrate: options.maximumBitrate, codec: options.codec)
        layers = plan.layers
        codecs = options.codec == .vp8 ? [.vp8] : [options.codec, .vp8]
        let stream = options.source == .camera ? "camera" : "screen"
        sending = LocalMedia.make(
            streamID: stream, trackID: UUID().uuidString, cname: cname, rids: layers.compactMap(\.rid))
        var request = Self.request(options.name ?? options.source.rawValue, options.source, sending)
        request.type = .video
        request.width = UInt32(clamping: format.width)
        request.height = UInt32(clamping: format.height)
        let sizes = Self.sizes(layers, options, format)
        request.layers = Self.describe(sizes, sending)
        var codec = Livekit_SimulcastCodec()
        codec.codec = options.codec.rawValue
        codec.cid = request.cid
        codec.layers = request.layers
        codec.videoLayerMode =
            options.codec == .vp9 ? .multipleSpatialLayersPerStream : .oneSpatialLayerPerStream
        request.simulcastCodecs = [codec]
        self.request = request
    }

    /// Sound.
    init(audio options: AudioPublishOptions, cname: String) {
        layers = []
        codecs = [.opus]
        let stream = options.source == .microphone ? "camera" : "screen"
        var sending = LocalMedia.make(streamID: stream, trackID: UUID().uuidString, cname: cname)
        sending.isRedundant = options.red
        self.sending = sending
        var request = Self.request(options.name ?? options.source.rawValue, options.source, sending)
        request.type = .audio
        request.disableRed = !options.red
        if !options.dtx { request.audioFeatures = [.tfNoDtx] }
        self.request = request
    }

    /// What is sent once the other side has said which layers it takes: if none by name, the whole picture alone.
    func layers(accepted: [SendingLayer]) -> [VideoLayer] {
        let taken = layers.filter { layer in accepted.contains { $0.rid == layer.rid } }
        guard taken.isEmpty else { return taken }
        return layers.suffix(1).map { layer in
            var lone = layer
            lone.rid = nil
            return lone
        }
    }

    /// All sizes in which the picture is there: VP9 has several in one stream, which has no name.
    private static func sizes(
        _ layers: [VideoLayer], _ options: VideoPublishOptions, _ format: VideoFormat
    ) -> [VideoLayer] {
        guard options.codec == .vp9, let whole = layers.last else { return layers }
        let sizes = VP9Encoder.sizes(
            width: format.width, height: format.height, isScreen: options.source == .screenShareVideo)
        guard sizes.count > 1 else { return layers }
        return zip(sizes, [.low, .medium, .high] as [VideoQuality]).enumerated().map { index, size in
            var layer = whole
            layer.quality = size.1
            layer.size = Dimensions(width: size.0.width, height: size.0.height)
            layer.maximum = whole.maximum * VP9Encoder.share(ofSize: index, of: sizes.count)
            return layer
        }
    }

    private static func request(
        _ name: String, _ source: TrackSource, _ sending: LocalMedia
    ) -> Livekit_AddTrackRequest {
        var request = Livekit_AddTrackRequest()
        request.cid = sending.trackID
        request.name = name
        request.source = source.proto
        request.stream = sending.streamID
        return request
    }

    private static func describe(_ layers: [VideoLayer], _ sending: LocalMedia) -> [Livekit_VideoLayer] {
        layers.enumerated().map { index, layer in
            var description = Livekit_VideoLayer()
            description.quality = layer.quality.proto
            description.width = UInt32(clamping: layer.size.width)
            description.height = UInt32(clamping: layer.size.height)
            description.bitrate = UInt32(clamping: layer.maximum.bitsPerSecond)
            description.spatialLayer = Int32(clamping: index)
            if let rid = layer.rid { description.rid = rid }
            let source = sending.layers.first { $0.rid == layer.rid }
            description.ssrc = (source?.ssrc ?? sending.ssrc).value
            description.repairSsrc = (source?.rtxSSRC ?? sending.rtxSSRC)?.value ?? 0
            return description
        }
    }
}
