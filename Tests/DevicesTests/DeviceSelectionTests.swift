import Devices
import Testing

private let cameras = [
    DeviceDescription(
        kind: .camera, index: 0, name: "Integrated Camera", id: "usb-Chicony-1", path: "/dev/video0"),
    DeviceDescription(
        kind: .camera, index: 1, name: "HD Pro Webcam C920", id: "usb-046d-C920", path: "/dev/video2"),
    DeviceDescription(kind: .camera, index: 2, name: "HD Webcam", id: "usb-046d-HD", path: "/dev/video4"),
]

private let microphones = [
    DeviceDescription(kind: .microphone, index: 0, name: "PulseAudio", id: "pulse", path: "pulse"),
    DeviceDescription(kind: .microphone, index: 1, name: "Default", id: "default", path: "default"),
    DeviceDescription(
        kind: .microphone, index: 2, name: "HDA Intel PCH, ALC257 (direct)", id: "hw:CARD=PCH,DEV=0",
        path: "hw:CARD=PCH,DEV=0"),
    DeviceDescription(
        kind: .microphone, index: 3, name: "HDA Intel PCH, ALC257 (converting)", id: "plughw:CARD=PCH,DEV=0",
        path: "plughw:CARD=PCH,DEV=0"),
]

@Suite("What people write for a device")
struct DeviceSelectionTests {
    @Test(
        "a camera is found by default, index, id, node, name or part of a name",
        arguments: [
            ("default", 0), ("Default", 0), ("0", 0), ("2", 2), ("usb-046d-C920", 1), ("/dev/video4", 2),
            ("integrated", 0), ("c920", 1), ("HD WEBCAM", 2),
        ])
    func findsCamera(text: String, index: Int) throws {
        #expect(try CameraChoice(text, among: cameras) == .device(cameras[index]))
    }

    @Test(
        "what stands in for a camera needs no device",
        arguments: [
            ("none", CameraChoice.none), ("NONE", .none), ("pattern", .pattern),
            ("file:/tmp/a b.mp4", .file(path: "/tmp/a b.mp4")),
        ])
    func findsCameraStandIn(text: String, choice: CameraChoice) throws {
        #expect(try CameraChoice(text, among: []) == choice)
    }

    @Test("a part of several names is an error that lists exactly the matches")
    func rejectsAmbiguity() {
        let expected = DeviceSelectionError.ambiguous(
            .camera, text: "webcam", matches: [cameras[1], cameras[2]])
        #expect(throws: expected) { try CameraChoice("webcam", among: cameras) }
        #expect(expected.description.contains("HD Pro Webcam C920"))
        #expect(!expected.description.contains("Integrated"))
    }

    @Test(
        "a name or index that nothing has is an error that lists what there is",
        arguments: ["3", "-1", "logi", ""])
    func rejectsUnknown(text: String) {
        #expect(throws: DeviceSelectionError.unknown(.camera, text: text, available: cameras)) {
            try CameraChoice(text, among: cameras)
        }
    }

    @Test("the default of nothing is an error that names a stand-in")
    func rejectsMissingDefault() {
        #expect(throws: DeviceSelectionError.noDevice(.microphone)) {
            try MicrophoneChoice("default", among: [])
        }
        #expect(DeviceSelectionError.noDevice(.camera).description.contains("--camera pattern"))
    }

    @Test(
        "what stands in for a microphone is read with its value",
        arguments: [
            ("none", MicrophoneChoice.none), ("silence", .silence), ("tone", .tone(hertz: 440)),
            ("tone:1000", .tone(hertz: 1_000)), ("tone:261.6", .tone(hertz: 261.6)),
            ("file:a.wav", .file(path: "a.wav")), ("alsa:hw:1,0", .alsa(name: "hw:1,0")),
        ])
    func findsMicrophoneStandIn(text: String, choice: MicrophoneChoice) throws {
        #expect(try MicrophoneChoice(text, among: []) == choice)
    }

    @Test(
        "a value that says nothing or nonsense is an error",
        arguments: ["tone:", "tone:abc", "tone:-5", "tone:0", "tone:nan", "tone:99999", "file:", "alsa:"])
    func rejectsMalformed(text: String) {
        let error = #expect(throws: DeviceSelectionError.self) {
            try MicrophoneChoice(text, among: microphones)
        }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("the default microphone is the PCM of that name, wherever it is in the list")
    func prefersDefaultPCM() throws {
        #expect(try MicrophoneChoice("default", among: microphones) == .device(microphones[1]))
    }

    @Test("one sound card under several names is no ambiguity: the converting name is taken")
    func joinsNamesOfOneCard() throws {
        #expect(try MicrophoneChoice("alc257", among: microphones) == .device(microphones[3]))
        #expect(try MicrophoneChoice("hw:CARD=PCH,DEV=0", among: microphones) == .device(microphones[2]))
    }

    @Test(
        "a speaker is a device, a file or a PCM",
        arguments: [
            ("none", SpeakerChoice.none), ("file:/tmp/x.wav", .file(path: "/tmp/x.wav")),
            ("alsa:null", .alsa(name: "null")),
        ])
    func findsSpeaker(text: String, choice: SpeakerChoice) throws {
        #expect(try SpeakerChoice(text, among: []) == choice)
    }
}
