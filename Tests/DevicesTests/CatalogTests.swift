import Foundation
import Testing

@testable import Devices

@Suite("Lists of devices")
struct CatalogTests {
    @Test("converters and doubles are hidden, servers, cards and PCMs of the user's own are offered")
    func filtersHints() {
        let hidden = [
            "null", "lavrate", "upmix", "dmix:CARD=PCH", "surround51:CARD=PCH,DEV=0", "hdmi:CARD=HDMI", "",
        ]
        let offered = [
            "default", "pulse", "pipewire", "hw:CARD=PCH,DEV=0", "plughw:CARD=PCH", "sysdefault:CARD=PCH",
            "rk_mic",
        ]
        for name in hidden { #expect(!hint(name).isOffered, "\(name)") }
        for name in offered { #expect(hint(name).isOffered, "\(name)") }
    }

    @Test("default comes first, each direction gets its own, indices count from 0")
    func ordersAndSplits() {
        let hints = [
            hint("rk_mic", isOutput: false), hint("rk_speaker", isInput: false), hint("pulse"),
            hint("default"),
        ]
        let microphones = ALSAHint.devices(hints, .microphone)
        #expect(microphones.map(\.id) == ["default", "pulse", "rk_mic"])
        #expect(microphones.map(\.index) == [0, 1, 2])
        #expect(ALSAHint.devices(hints, .speaker).map(\.id) == ["default", "pulse", "rk_speaker"])
    }

    @Test("a description of several lines becomes one, and a missing one the name")
    func joinsDescriptions() {
        let long = ALSAHint(
            name: "hw:0", description: "HDA Intel PCH, ALC257\nDirect hardware device\n", isInput: true,
            isOutput: true)
        #expect(long.title == "HDA Intel PCH, ALC257 (Direct hardware device)")
        #expect(hint("rk_mic").title == "rk_mic")
    }

    @Test("cameras come in numeric order, with the id of their link, without nodes that capture nothing")
    func listsCameras() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cameras-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder + "/v4l/by-id", withIntermediateDirectories: true)
        for name in ["video0", "video1", "video2", "video3", "video10", "video11", "videotape"] {
            #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil))
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/v4l/by-id/usb-Cam-index0", withDestinationPath: "../../video2")
        let cameras = CameraCatalog.list(in: folder) { path in
            switch path.split(separator: "/").last {
            case "video0": CameraCatalog.Node(name: "Front", bus: "pci-1")
            case "video2": CameraCatalog.Node(name: "Webcam", bus: "usb-2")
            case "video10": CameraCatalog.Node(name: "", bus: "pci-1")
            case "video11": CameraCatalog.Node(name: "Loop", bus: "")
            default: nil
            }
        }
        #expect(cameras.map(\.name) == ["Front", "Webcam", folder + "/video10", "Loop"])
        #expect(cameras.map(\.id) == ["pci-1", "usb-Cam-index0", "pci-1#2", folder + "/video11"])
        #expect(cameras.map(\.index) == [0, 1, 2, 3])
    }

    @Test("a node that is no video device is no camera")
    func skipsOtherNodes() {
        #expect(CameraCatalog.list(in: "/nonexistent", ask: { _ in nil }).isEmpty)
        for camera in CameraCatalog.list() { #expect(camera.path.hasPrefix("/dev/video")) }
    }

    private func hint(_ name: String, isInput: Bool = true, isOutput: Bool = true) -> ALSAHint {
        ALSAHint(name: name, description: "", isInput: isInput, isOutput: isOutput)
    }
}
