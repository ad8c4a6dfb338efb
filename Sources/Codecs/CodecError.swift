/// Why a codec, the scaler or the audio processor refused its input.
package enum CodecError: Error, Equatable {
    /// The library cannot make such a codec; `code` is the library's own.
    case unavailable(codec: String, code: Int32)
    /// A library that is loaded only when it is needed cannot be; a sentence says which and why.
    case libraryMissing(String)
    /// Sizes, rates or counts that no codec takes.
    case invalidSettings(String)
    /// The picture or sound could not be encoded.
    case encodingFailed(code: Int32)
    /// The bytes are damaged, or depend on something that never came: ask for a keyframe.
    case decodingFailed(code: Int32)
    /// A decoded picture of a kind that is not shown here, such as one with transparency.
    case unsupportedPicture(format: Int32)
}

extension CodecError: CustomStringConvertible {
    /// One sentence, without a full stop.
    package var description: String {
        switch self {
        case .unavailable(let codec, let code): "There is no \(codec) here (\(code))"
        case .libraryMissing(let sentence): sentence
        case .invalidSettings(let settings): "No codec takes \(settings)"
        case .encodingFailed(let code): "Encoding failed (\(code))"
        case .decodingFailed(let code): "Decoding failed (\(code))"
        case .unsupportedPicture(let format): "Pictures of the kind \(format) cannot be shown"
        }
    }
}
