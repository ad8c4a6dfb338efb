import ArgumentParser
import Devices
import Foundation

/// `roomclient devices`: what this machine can see, hear and speak with.
struct DevicesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Lists microphones, speakers and cameras.")

    @Flag(help: "Print JSON.")
    var json = false

    /// Everything the machine has.
    struct Listing: Encodable {
        var microphones: [DeviceDescription]
        var speakers: [DeviceDescription]
        var cameras: [DeviceDescription]
    }

    func perform(_ signals: SignalWatch) async throws -> ExitStatus {
        let listing = Listing(
            microphones: AudioDeviceCatalog.microphones(), speakers: AudioDeviceCatalog.speakers(),
            cameras: CameraCatalog.list())
        StandardStream.output.write(json ? try Self.json(listing) : Self.text(listing))
        return .success
    }

    private static func json(_ listing: Listing) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(listing), as: UTF8.self) + "\n"
    }

    /// One line a device; its best formats below.
    static func text(_ listing: Listing) -> String {
        section("Microphones", listing.microphones) + section("Speakers", listing.speakers)
            + section("Cameras", listing.cameras)
    }

    private static func section(_ title: String, _ devices: [DeviceDescription]) -> String {
        guard !devices.isEmpty else { return "\(title): none\n" }
        return devices.reduce("\(title):\n") { text, device in
            let formats = device.formats.prefix(4).map(\.description).joined(separator: ", ")
            return text + " [\(device.index)] \(device.name)  (\(device.id))\n"
                + (formats.isEmpty ? "" : "     \(formats)\n")
        }
    }
}
