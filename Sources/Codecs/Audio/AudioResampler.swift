import CAVCodec

/// The shape of sound: rate and number of interleaved channels.
package struct AudioFormat: Hashable, Sendable {
    /// Samples per second and channel.
    package var sampleRate: Int
    /// Interleaved channels.
    package var channelCount: Int

    /// What runs inside the pipeline: 48 kHz mono.
    package static let pipeline = AudioFormat(sampleRate: 48_000, channelCount: 1)

    /// Makes a format.
    package init(sampleRate: Int, channelCount: Int) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }
}

/// Changes rate and channels of a continuous stretch of sound by libswresample. One thread only.
package final class AudioResampler {
    /// What it takes.
    package let input: AudioFormat
    /// What it gives.
    package let output: AudioFormat

    private let handle: OpaquePointer

    /// Makes a resampler; throws for rates outside 4...384 kHz and for more than eight channels.
    package init(from input: AudioFormat, to output: AudioFormat) throws(CodecError) {
        for format in [input, output] {
            guard (4_000...384_000).contains(format.sampleRate), (1...8).contains(format.channelCount) else {
                throw .invalidSettings("\(format)")
            }
        }
        self.input = input
        self.output = output
        handle = try openResampler(from: input, to: output)
    }

    deinit {
        var handle = Optional(handle)
        swr_free(&handle)
    }

    /// Converts interleaved samples and appends the result. The filter holds back under a millisecond,
    /// which comes with the next call or with `finish`.
    package func convert(
        _ samples: UnsafeBufferPointer<Int16>, into result: inout [Int16]
    ) throws(CodecError) {
        let count = samples.count / input.channelCount
        guard count > 0, let start = samples.baseAddress else { return }
        try start.withMemoryRebound(to: UInt8.self, capacity: samples.count * 2) { bytes throws(CodecError) in
            try run(bytes, count: count, into: &result)
        }
    }

    /// Appends what the filter still holds; the resampler may be used again for other sound.
    package func finish(into result: inout [Int16]) throws(CodecError) {
        try run(nil, count: 0, into: &result)
        swr_init(handle)
    }

    private func run(
        _ bytes: UnsafePointer<UInt8>?, count: Int, into result: inout [Int16]
    ) throws(CodecError) {
        let room = Int(swr_get_out_samples(handle, Int32(clamping: count)))
        guard room > 0 else { return }
        let start = result.count
        result.append(contentsOf: repeatElement(0, count: room * output.channelCount))
        let converted = result.withUnsafeMutableBytes { target in
            let offset = start * MemoryLayout<Int16>.stride
            var sink = target.baseAddress?.advanced(by: offset).assumingMemoryBound(to: UInt8.self)
            // No source at all, not an empty one, brings out what the filter holds.
            guard var source = bytes.map(Optional.init) else {
                return swr_convert(handle, &sink, Int32(room), nil, 0)
            }
            return swr_convert(handle, &sink, Int32(room), &source, Int32(clamping: count))
        }
        result.removeLast((room - Int(max(converted, 0))) * output.channelCount)
        guard converted >= 0 else { throw .encodingFailed(code: converted) }
    }
}

private func openResampler(from input: AudioFormat, to output: AudioFormat) throws(CodecError)
    -> OpaquePointer
{
    var (inputLayout, outputLayout) = (AVChannelLayout(), AVChannelLayout())
    av_channel_layout_default(&inputLayout, Int32(input.channelCount))
    av_channel_layout_default(&outputLayout, Int32(output.channelCount))
    var handle: OpaquePointer?
    var status = swr_alloc_set_opts2(
        &handle, &outputLayout, AV_SAMPLE_FMT_S16, Int32(output.sampleRate), &inputLayout, AV_SAMPLE_FMT_S16,
        Int32(input.sampleRate), 0, nil)
    if status == 0 { status = swr_init(handle) }
    guard status == 0, let handle else {
        swr_free(&handle)
        throw .unavailable(codec: "resampler", code: status)
    }
    return handle
}
