import CALSA
import Glibc

/// The microphones and speakers that ALSA knows, without the PCMs that only convert.
///
/// A name in the list need not open: without a sound card, ALSA still lists its plugins. Ask `isWorking(_:)`.
package enum AudioDeviceCatalog {
    /// Lists what records.
    package static func microphones() -> [DeviceDescription] {
        ALSAHint.devices(hints(), .microphone).map(withFormats)
    }

    /// Lists what plays.
    package static func speakers() -> [DeviceDescription] {
        ALSAHint.devices(hints(), .speaker).map(withFormats)
    }

    /// Opens the device for a moment with the format of a call; false when that fails.
    package static func isWorking(_ device: DeviceDescription) -> Bool {
        (try? PCMDevice(name: device.path, direction: device.kind == .speaker ? .playback : .capture)) != nil
    }

    private static func hints() -> [ALSAHint] {
        rk_alsa_silence_messages()
        var list: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard snd_device_name_hint(-1, "pcm", &list) == 0, let list else { return [] }
        defer { snd_device_name_free_hint(list) }
        var hints: [ALSAHint] = []
        var next = list
        while let entry = next.pointee {
            if let name = field("NAME", of: entry) {
                // No IOID means both directions.
                let direction = field("IOID", of: entry)
                hints.append(
                    ALSAHint(
                        name: name, description: field("DESC", of: entry) ?? "",
                        isInput: direction != "Output", isOutput: direction != "Input"))
            }
            next += 1
        }
        return hints
    }

    private static func field(_ key: String, of entry: UnsafeMutableRawPointer) -> String? {
        // The string is ours to free.
        guard let value = snd_device_name_get_hint(entry, key) else { return nil }
        defer { free(value) }
        return String(cString: value)
    }

    /// Only hardware says what it can do; servers and plugins convert everything.
    private static func withFormats(_ device: DeviceDescription) -> DeviceDescription {
        guard device.path.hasPrefix("hw:") else { return device }
        var device = device
        device.formats = PCMDevice.formats(of: device.path, device.kind == .speaker ? .playback : .capture)
        return device
    }
}
