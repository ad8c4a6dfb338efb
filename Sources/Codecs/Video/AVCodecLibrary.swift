import CAVCodec
import MediaCore

/// libavcodec, which is loaded when a codec first needs it, and stays.
enum AVCodecLibrary {
    /// What it offers; throws a sentence when it is not installed. Any thread.
    static func functions(for codec: MediaCodec) throws(CodecError) -> cavcodec_functions {
        guard let functions = loaded.functions else {
            throw .libraryMissing("\(codec.rawValue) needs libavcodec: \(loaded.complaint)")
        }
        return functions
    }

    /// Loads the library that a file holds; without functions, the complaint is the loader's.
    static func load(_ file: String) -> (functions: cavcodec_functions?, complaint: String) {
        var functions = cavcodec_functions()
        if let complaint = cavcodec_load(file, &functions) { return (nil, String(cString: complaint)) }
        // It writes to standard error about every damaged packet; errors are thrown here.
        functions.av_log_set_level(AV_LOG_QUIET)
        return (functions, "")
    }

    private static let loaded = load(String(cString: cavcodec_file))
}
