import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import RTP

/// Sharing each subscriber's way down among the tracks it watches.
extension ServerRoom {
    /// How often it is shared anew when nothing happens.
    private static let allocationInterval = Duration.milliseconds(200)

    /// There is a new estimate of what a client's way down carries.
    func estimated(_ rate: Bitrate, for client: ServerClient) {
        let now = SystemClock.now
        client.allocation.receive(rate, at: now)
        allocate(client, at: now)
    }

    /// Shares the ways down of which nothing was heard for a while: what is sent on them changes too.
    func allocateIfDue(at now: MonotonicTime) {
        for client in clients.values where client.isReceiving {
            guard now - (client.allocated ?? .zero) >= Self.allocationInterval else { continue }
            allocate(client, at: now)
        }
    }

    /// Shares the way down to a client.
    func allocate(_ client: ServerClient, at now: MonotonicTime) {
        client.allocated = now
        var sound = Bitrate.zero
        var demands: [DownlinkAllocation.Demand] = []
        var targets: [(downlink: Downlink, track: PublishedTrack)] = []
        for downlink in client.downlinks where downlink.isBound && downlink.forwarder.isDemanding {
            guard let track = tracks[downlink.source] else { continue }
            let rates = track.meter.rates(at: now)
            if track.kind == .audio {
                sound = sound + rates.bitrate(upTo: .lowest)
            } else {
                demands.append(demand(of: downlink, track, rates))
                targets.append((downlink, track))
            }
        }
        let grants = client.allocation.allocate(demands, sound: sound, at: now)
        for (target, grant) in zip(targets, grants) where target.downlink.forwarder.grant != grant {
            grantAnew(grant, to: target.downlink, of: client)
            client.log(grant, of: target.track.sid)
            refresh(target.track, at: now)
        }
        tellPauses(of: targets.map(\.downlink), to: client)
        tellConnection(of: client)
    }

    /// Tells a client's connection how fast it has to be and would like to be.
    private func tellConnection(of client: ServerClient) {
        let wanted = client.allocation.wantedBitrate
        let change = abs(wanted.bitsPerSecond - client.toldWanted.bitsPerSecond)
        // Rates of pictures go up and down a little all the time.
        guard Double(change) > 0.1 * Double(client.toldWanted.bitsPerSecond) else { return }
        client.toldWanted = wanted
        client.downstream.setMaximumBitrate(wanted)
    }

    private func grantAnew(_ grant: LayerGrant, to downlink: Downlink, of client: ServerClient) {
        let isShort = client.allocation.isShort
        downlink.forwarder.allow(grant, isShort: isShort)
        guard isShort, let mid = downlink.mid else { return }
        // What waits or might be asked for again is larger than what will come.
        downlink.peer.assumeIsolated { $0.discardForwarded(on: mid) }
    }

    private func demand(
        of downlink: Downlink, _ track: PublishedTrack, _ rates: LayerRates
    ) -> DownlinkAllocation.Demand {
        let preference = downlink.forwarder.preference
        var maximum = TrackLayer.highest
        if let size = preference.layer { maximum.spatial = min(size, maximum.spatial) }
        if let wanted = preference.framesPerSecond {
            maximum.temporal = rates.temporal(reaching: wanted, at: maximum.spatial) ?? maximum.temporal
        }
        return DownlinkAllocation.Demand(
            track: track.sid, rates: rates, maximum: maximum, isScreen: track.isScreen)
    }

    /// Tells a client which tracks stand still because its way down is too narrow.
    private func tellPauses(of downlinks: [Downlink], to client: ServerClient) {
        var update = Livekit_StreamStateUpdate()
        for downlink in downlinks where downlink.isPaused != (downlink.forwarder.grant == .paused) {
            downlink.isPaused.toggle()
            guard let track = tracks[downlink.source] else { continue }
            var state = Livekit_StreamStateInfo()
            state.participantSid = track.publisher.text
            state.trackSid = track.sid.text
            state.state = downlink.isPaused ? .paused : .active
            update.streamStates.append(state)
        }
        if !update.streamStates.isEmpty { client.send(.streamStateUpdate(update)) }
    }
}

extension ServerClient {
    /// Says what a track is granted, and why.
    fileprivate func log(_ grant: LayerGrant, of track: TrackSID) {
        logger.debug(
            "layer granted",
            metadata: [
                "track": "\(track.text)", "grant": "\(grant)",
                "capacity": "\(allocation.capacity.map { "\($0.kilobitsPerSecond)" } ?? "-") kbit/s",
                "usage": "\(allocation.usage.kilobitsPerSecond) kbit/s",
                "wanted": "\(allocation.wantedBitrate.kilobitsPerSecond) kbit/s",
            ])
    }
}
