import CAVCodec

/// A coder of libavcodec with what goes in and what comes out, all freed at its end. One thread only.
struct AVCodecSession: ~Copyable {
    let library: cavcodec_functions
    let context: UnsafeMutablePointer<AVCodecContext>
    let packet: UnsafeMutablePointer<AVPacket>
    let picture: UnsafeMutablePointer<AVFrame>
    /// The library's word for the coder.
    private let name: String

    /// Makes a session that is not open yet; throws when the library was built without this coder.
    init(
        _ library: cavcodec_functions, _ coder: UnsafePointer<AVCodec>?, name: String
    ) throws(CodecError) {
        let packet = library.av_packet_alloc()
        let picture = library.av_frame_alloc()
        guard let coder, let context = library.avcodec_alloc_context3(coder), let packet, let picture else {
            var (packet, picture) = (packet, picture)
            library.av_packet_free(&packet)
            library.av_frame_free(&picture)
            throw .unavailable(codec: name, code: 0)
        }
        (self.library, self.context, self.packet, self.picture) = (library, context, packet, picture)
        self.name = name
    }

    deinit {
        var (context, packet, picture) = (Optional(context), Optional(packet), Optional(picture))
        library.av_packet_free(&packet)
        library.av_frame_free(&picture)
        library.avcodec_free_context(&context)
    }

    /// Opens it with what is set in its context.
    func open() throws(CodecError) {
        let status = library.avcodec_open2(context, nil, nil)
        guard status == 0 else { throw .unavailable(codec: name, code: status) }
    }
}
