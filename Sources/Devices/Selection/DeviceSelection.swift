/// Finds the device that a person or a script means.
///
/// In this order: `default`, a stable id, an index, a whole name, a part of a name (case ignored).
enum DeviceSelection {
    static func find(
        _ text: String, _ kind: DeviceDescription.Kind, among devices: [DeviceDescription]
    ) throws(DeviceSelectionError) -> DeviceDescription {
        let wanted = text.lowercased()
        if wanted == "default" {
            guard let device = devices.first(where: { $0.id == "default" }) ?? devices.first else {
                throw .noDevice(kind)
            }
            return device
        }
        if let device = devices.first(where: { $0.id == text || $0.path == text }) { return device }
        if let index = Int(text) {
            guard let device = devices.first(where: { $0.index == index }) else {
                throw .unknown(kind, text: text, available: devices)
            }
            return device
        }
        if let device = only(devices.filter { $0.name.lowercased() == wanted }) { return device }
        let matches = wanted.isEmpty ? [] : devices.filter { $0.name.lowercased().contains(wanted) }
        if let device = only(matches) { return device }
        guard matches.isEmpty else { throw .ambiguous(kind, text: text, matches: matches) }
        throw .unknown(kind, text: text, available: devices)
    }

    /// The one match. ALSA lists one sound card under several names: then the one that converts formats.
    private static func only(_ matches: [DeviceDescription]) -> DeviceDescription? {
        guard matches.count > 1 else { return matches.first }
        let cards = matches.compactMap(hardware(of:))
        guard cards.count == matches.count, Set(cards).count == 1 else { return nil }
        return matches.first { $0.path.hasPrefix("plughw:") } ?? matches.first
    }

    /// "CARD=PCH,DEV=0" of "plughw:CARD=PCH,DEV=0"; without a device number it is device 0.
    private static func hardware(of device: DeviceDescription) -> String? {
        let parts = device.path.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix("CARD=") else { return nil }
        return parts[1].contains(",DEV=") ? String(parts[1]) : parts[1] + ",DEV=0"
    }
}

/// Splits `file:PATH` and the like: what follows the prefix, or `nil` when `text` does not begin with it.
func value(of text: String, after prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
}
