import MediaCore
import Testing

@testable import RoomServer

@Suite("Measuring the layers of a track")
struct LayerRateMeterTests {
    /// Three temporal layers at 30 pictures per second, 1,000 bytes each, with a key picture in the middle.
    private func metered(isOneStream: Bool, spatial: Int, until end: Int) -> LayerRateMeter {
        var meter = LayerRateMeter(isOneStream: isOneStream)
        for picture in 0..<end {
            for size in 0...spatial {
                let packet = PublishedPacket(
                    stream: isOneStream ? 0 : size,
                    layer: TrackLayer(spatial: size, temporal: [0, 2, 1, 2][picture % 4]),
                    sequence: Int64(picture), timestamp: UInt32(picture) * 3_000, isKeyframe: picture == 20)
                let bytes = picture == 20 ? 100_000 : 1_000
                meter.receive(packet, bytes: bytes, at: time(picture))
            }
        }
        return meter
    }

    private func time(_ picture: Int) -> MonotonicTime {
        MonotonicTime(microseconds: Int64(picture) * 33_333)
    }

    @Test("a layer takes what it and those below bring, key pictures aside")
    func addsTemporalLayers() {
        var meter = metered(isOneStream: false, spatial: 0, until: 60)
        let rates = meter.rates(at: time(60))
        let kilobits = (0..<3).map {
            rates.bitrate(upTo: TrackLayer(spatial: 0, temporal: $0)).kilobitsPerSecond
        }
        #expect((54...66).contains(kilobits[0]))
        #expect((108...132).contains(kilobits[1]))
        #expect((215...265).contains(kilobits[2]))
        #expect(rates.highestTemporal(of: 0) == 2)
        #expect(!rates.isSent(1))
    }

    @Test("a key picture does not count", arguments: [true, false])
    func ignoresKeyPictures(isOneStream: Bool) {
        var meter = metered(isOneStream: isOneStream, spatial: 1, until: 25)
        #expect(meter.rates(at: time(25)).bitrate(upTo: TrackLayer(spatial: 0, temporal: 2)) < .kilobits(300))
    }

    @Test("in one stream smaller sizes are sent along, with simulcast they are not")
    func addsSizesOfOneStream() {
        var scalable = metered(isOneStream: true, spatial: 2, until: 60)
        var simulcast = metered(isOneStream: false, spatial: 2, until: 60)
        let best = TrackLayer(spatial: 2, temporal: 2)
        let whole = scalable.rates(at: time(60)).bitrate(upTo: best)
        let single = simulcast.rates(at: time(60)).bitrate(upTo: best)
        #expect(whole > single * 2.9 && whole < single * 3.1)
    }

    @Test(
        "rates of pictures choose the temporal layer that brings enough",
        arguments: [(7.0, 0), (15, 1), (30, 2)])
    func findsRateOfPictures(wanted: Double, temporal: Int) {
        var meter = metered(isOneStream: false, spatial: 0, until: 60)
        #expect(meter.rates(at: time(60)).temporal(reaching: wanted, at: 0) == temporal)
        #expect(meter.rates(at: time(60)).temporal(reaching: 60, at: 0) == nil)
    }

    @Test("what is not sent any more takes nothing")
    func forgets() {
        var meter = metered(isOneStream: false, spatial: 0, until: 60)
        let rates = meter.rates(at: time(60) + .seconds(2))
        #expect(rates.bitrate(upTo: .highest) == .zero)
        #expect(!rates.isSent(0))
    }
}
