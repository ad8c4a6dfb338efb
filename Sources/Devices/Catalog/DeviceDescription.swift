/// One camera, microphone or speaker of this machine.
package struct DeviceDescription: Hashable, Sendable, Codable {
    /// What a device is for.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case camera, microphone, speaker
    }

    /// What it is for.
    package var kind: Kind
    /// Place in the list of its kind, from 0; changes when devices come and go.
    package var index: Int
    /// Name for people.
    package var name: String
    /// Name for scripts: stays the same when other devices come and go, and over a restart.
    package var id: String
    /// What opens it: a device node ("/dev/video0") or an ALSA PCM ("plughw:CARD=PCH,DEV=0").
    package var path: String
    /// What it can deliver or take, best first; empty when it does not say.
    package var formats: [DeviceFormat]

    /// Makes a description.
    package init(
        kind: Kind, index: Int, name: String, id: String, path: String, formats: [DeviceFormat] = []
    ) {
        self.kind = kind
        self.index = index
        self.name = name
        self.id = id
        self.path = path
        self.formats = formats
    }
}

/// One format of a device; fields that do not apply are `nil`.
package struct DeviceFormat: Hashable, Sendable, Codable, CustomStringConvertible {
    /// "MJPG", "YUYV", ...; sample format for sound ("S16").
    package var encoding: String
    /// Size of the pictures.
    package var width: Int?
    package var height: Int?
    /// Highest number of pictures per second at this size.
    package var framesPerSecond: Int?
    /// Lowest and highest number of samples per second.
    package var minimumSampleRate: Int?
    package var maximumSampleRate: Int?
    /// Highest number of channels.
    package var channelCount: Int?

    /// Makes a format of a camera.
    package static func video(_ encoding: String, width: Int, height: Int, framesPerSecond: Int)
        -> DeviceFormat
    {
        DeviceFormat(encoding: encoding, width: width, height: height, framesPerSecond: framesPerSecond)
    }

    /// Makes a format of a microphone or speaker.
    package static func audio(rates: ClosedRange<Int>, channelCount: Int) -> DeviceFormat {
        DeviceFormat(
            encoding: "S16", minimumSampleRate: rates.lowerBound, maximumSampleRate: rates.upperBound,
            channelCount: channelCount)
    }

    package var description: String {
        if let width, let height {
            return "\(encoding) \(width)x\(height)" + (framesPerSecond.map { "@\($0)" } ?? "")
        }
        let rates = [minimumSampleRate, maximumSampleRate].compactMap { $0 }.map(String.init)
        return "\(encoding) \(rates.joined(separator: "-")) Hz, \(channelCount ?? 1) ch"
    }
}
