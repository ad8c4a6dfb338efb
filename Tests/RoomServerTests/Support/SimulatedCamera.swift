import MediaCore
import RTP
import RoomTestKit

@testable import RoomServer

/// A camera in three simulcast layers, cut into packets as they come in from its publisher.
struct SimulatedCamera {
    /// One packet on its way to the room.
    struct Packet {
        var time: MonotonicTime
        var header: RTPHeader
        var payload: [UInt8]
        var description: PublishedPacket
    }

    /// Numbers of pictures say which layer they are of.
    static let numbersPerLayer: UInt32 = 1_000_000
    static let interval = Duration.nanoseconds(33_333_333)
    static let codec = PayloadType(96)
    /// Packets of one picture lie so far apart, as a publisher's pacer sends them.
    private static let spacing = Duration.microseconds(1_300)

    private let rates: [Bitrate]
    private var layers: [SimulatedPicture]
    private var packetizers: [VP8Packetizer]
    private var sequences: [Int64]
    private var generator: SeededGenerator

    /// Makes a camera whose layers take this much.
    init(_ rates: [Bitrate], seed: UInt64) {
        self.rates = rates
        layers = rates.indices.map {
            SimulatedPicture(timestamp: UInt32($0) * 1_000, number: UInt32($0) * Self.numbersPerLayer)
        }
        packetizers = rates.indices.map { VP8Packetizer(pictureID: UInt16($0) * 500) }
        sequences = rates.indices.map { Int64(70_000 + $0 * 1_000) }
        generator = SeededGenerator(seed: seed)
        for layer in layers.indices { layers[layer].hasTemporalLayers = true }
    }

    /// The next picture of a layer will be a key frame.
    mutating func requestKeyframe(of layer: Int) {
        layers[layer].requestKeyframe()
    }

    /// The packets of the next picture, all layers.
    mutating func next(at now: MonotonicTime) -> [Packet] {
        var packets: [Packet] = []
        var time = now
        for layer in layers.indices {
            layers[layer].follow(
                rates[layer] * Double.random(in: 0.7...1.3, using: &generator), interval: Self.interval)
            let frame = layers[layer].next(at: now, interval: Self.interval)
            var payloads: [(bytes: [UInt8], isLast: Bool)] = []
            packetizers[layer].packetize(frame, maximumPayload: 1_140) { descriptor, range, isLast in
                var payload: [UInt8] = []
                descriptor.append(to: &payload)
                payloads.append((payload + frame.bytes[range], isLast))
            }
            for payload in payloads {
                packets.append(packet(payload.bytes, of: frame, layer, payload.isLast, at: time))
                sequences[layer] += 1
                time += Self.spacing
            }
        }
        return packets
    }

    private func packet(
        _ payload: [UInt8], of frame: EncodedFrame, _ layer: Int, _ marker: Bool, at time: MonotonicTime
    ) -> Packet {
        let sequence = sequences[layer]
        var description = PublishedPacket(
            stream: layer, layer: TrackLayer(spatial: layer, temporal: 0), sequence: sequence,
            timestamp: frame.timestamp, isMarked: marker)
        description.read(payload.span, as: .vp8)
        let header = RTPHeader(
            marker: marker, payloadType: Self.codec, sequenceNumber: UInt16(truncatingIfNeeded: sequence),
            timestamp: frame.timestamp, ssrc: SSRC(UInt32(100 + layer)))
        return Packet(time: time, header: header, payload: payload, description: description)
    }
}
