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

    /// Pictures, in one or several sizes, with the codec of the options; the backup codec is only named.
    init(video options: VideoPublishOptions, format: VideoFormat, cname: String) {
        let codec = options.codec
        codecs = Self.offered(options)
        (layers, sending) = Self.plan(options, codec, format, cname)
        var request = Self.request(options.name ?? options.source.rawValue, options.source, sending)
        request.type = .video
        request.width = UInt32(clamping: format.width)
        request.height = UInt32(clamping: format.height)
        request.layers = Self.describe(Self.sizes(layers, options, codec, format), sending)
        request.simulcastCodecs = [Self.describe(codec, cid: request.cid, request.layers)]
        if let backup = options.chosenBackupCodec {
            let (layers, sending) = Self.plan(options, backup, format, cname)
            let sizes = Self.describe(Self.sizes(layers, options, backup, format), sending).map(
                \.withoutSources)
            request.simulcastCodecs.append(Self.describe(backup, cid: "", sizes))
            request.backupCodecPolicy = options.backupCodecPolicy.proto
        }
        self.request = request
    }

    /// The pictures of a published track once more, in its backup codec; `nil` for sound.
    init?(backup codec: MediaCodec, of record: LocalTrackRecord) {
        guard case .video(let track, let options) = record.origin, let first = record.encodings.first else {
            return nil
        }
        let format = VideoFormat(
            width: Int(record.request.width), height: Int(record.request.height),
            framesPerSecond: track.source.format.framesPerSecond)
        codecs = [codec]
        (layers, sending) = Self.plan(options, codec, format, first.sending.cname)
        var request = Self.request(record.request.name, options.source, sending)
        request.sid = record.info.sid
        request.type = .video
        request.muted = record.media.isMuted.isSet
        request.width = record.request.width
        request.height = record.request.height
        request.layers = Self.describe(Self.sizes(layers, options, codec, format), sending)
        request.simulcastCodecs = [Self.describe(codec, cid: request.cid, request.layers)]
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

    /// The codec of the options first; servers let others ask only for what the first section could have had as well.
    private static func offered(_ options: VideoPublishOptions) -> [MediaCodec] {
        [options.chosenBackupCodec, .vp8].reduce(into: [options.codec]) { codecs, codec in
            if let codec, !codecs.contains(codec) { codecs.append(codec) }
        }
    }

    /// The layers of a codec, and sources for them. Servers expect the backup of a screen in one size.
    private static func plan(
        _ options: VideoPublishOptions, _ codec: MediaCodec, _ format: VideoFormat, _ cname: String
    ) -> (layers: [VideoLayer], sending: LocalMedia) {
        let isScreen = options.source == .screenShareVideo
        let isBackup = codec != options.codec
        let plan = VideoLayerPlan(
            format: format, isScreen: isScreen, isSimulcast: options.simulcast && !(isScreen && isBackup),
            maximumBitrate: options.maximumBitrate, codec: codec)
        let sending = LocalMedia.make(
            streamID: options.source == .camera ? "camera" : "screen", trackID: UUID().uuidString,
            cname: cname, rids: plan.layers.compactMap(\.rid))
        return (plan.layers, sending)
    }

    /// All sizes in which the picture is there: VP9 has several in one stream, which has no name.
    private static func sizes(
        _ layers: [VideoLayer], _ options: VideoPublishOptions, _ codec: MediaCodec, _ format: VideoFormat
    ) -> [VideoLayer] {
        guard codec == .vp9, let whole = layers.last else { return layers }
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

    private static func describe(
        _ codec: MediaCodec, cid: String, _ layers: [Livekit_VideoLayer]
    ) -> Livekit_SimulcastCodec {
        var description = Livekit_SimulcastCodec()
        description.codec = codec.rawValue
        description.cid = cid
        description.layers = layers
        description.videoLayerMode =
            codec == .vp9 ? .multipleSpatialLayersPerStream : .oneSpatialLayerPerStream
        return description
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

extension Livekit_VideoLayer {
    /// The layer of a codec that is not sent yet.
    fileprivate var withoutSources: Livekit_VideoLayer {
        var layer = self
        (layer.ssrc, layer.repairSsrc) = (0, 0)
        return layer
    }
}
