/// Which streams come from one participant: the canonical name of each (RFC 3550 §6.5). Other items are
/// left out.
package struct SourceDescription: Hashable, Sendable {
    /// The name of one stream.
    package struct Chunk: Hashable, Sendable {
        /// The stream.
        package var ssrc: SSRC
        /// Canonical name, at most 255 bytes; equal for streams that are to be synchronized.
        package var cname: String

        /// Makes a chunk.
        package init(ssrc: SSRC, cname: String) {
            self.ssrc = ssrc
            self.cname = cname
        }
    }

    /// The named streams, at most 31.
    package var chunks: [Chunk]

    /// Makes a description.
    package init(chunks: [Chunk]) {
        self.chunks = chunks
    }

    init?(parsing body: Span<UInt8>, chunkCount: Int) {
        self.init(chunks: [])
        var offset = 0
        for _ in 0..<chunkCount {
            guard let ssrc = body.uint32(at: offset) else { return nil }
            offset += 4
            var cname: String?
            while let type = body.byte(at: offset), type != 0 {
                guard let length = body.byte(at: offset + 1) else { return nil }
                let text = offset + 2..<offset + 2 + Int(length)
                guard text.upperBound <= body.count else { return nil }
                if type == 1, cname == nil {
                    cname = String(decoding: text.map { body[$0] }, as: UTF8.self)
                }
                offset = text.upperBound
            }
            if let cname { chunks.append(Chunk(ssrc: SSRC(ssrc), cname: cname)) }
            // A chunk ends with one to four zero bytes, at a multiple of four.
            offset = (offset / 4 + 1) * 4
        }
    }

    func append(to bytes: inout [UInt8]) {
        let chunks = chunks.prefix(31)
        bytes.appendPacket(type: RTCPType.sourceDescription, format: UInt8(chunks.count)) { body in
            let start = body.count
            for chunk in chunks {
                let name = chunk.cname.utf8.prefix(255)
                body.append(bigEndian: chunk.ssrc.value)
                body.append(1)
                body.append(UInt8(name.count))
                body.append(contentsOf: name)
                repeat { body.append(0) } while (body.count - start) % 4 != 0
            }
        }
    }
}
