import Devices
import Testing

@testable import roomclient

/// A terminal whose answers are written down beforehand.
struct ScriptedConsole: PromptConsole {
    var answers: [String]
    var shown = ""

    mutating func write(_ text: String) { shown += text }
    mutating func readLine() -> String? { answers.isEmpty ? nil : answers.removeFirst() }
}

/// What is asked about devices, and which are taken.
struct DevicePickerTests {
    private let devices = [
        DeviceDescription(kind: .microphone, index: 0, name: "Built-in", id: "a", path: "hw:0"),
        DeviceDescription(kind: .microphone, index: 1, name: "Headset", id: "b", path: "hw:1"),
    ]

    @Test(
        "the answer chooses",
        arguments: [
            (["1"], "Headset"), ([" 0 "], "Built-in"), ([""], nil), ([], nil), (["7", "1"], "Headset"),
            (["x", "", "1"], nil), (["-1", "abc", "0"], "Built-in"),
        ] as [([String], String?)])
    func pick(answers: [String], name: String?) {
        var picker = DevicePicker(console: ScriptedConsole(answers: answers))
        #expect(picker.pick(.microphone, among: devices)?.name == name)
    }

    @Test("the questions read as people know them")
    func questions() {
        var picker = DevicePicker(console: ScriptedConsole(answers: ["9", "nine", "1"]))
        _ = picker.pick(.microphone, among: devices)
        #expect(
            picker.console.shown == """
                --- Device Selection ---
                Available Microphone devices:
                 [0] Built-in
                 [1] Headset
                Select Microphone device index (or press Enter to skip): Invalid index. Please try again.
                Select Microphone device index (or press Enter to skip): \
                Invalid input. Please enter a number or press Enter.
                Select Microphone device index (or press Enter to skip):\u{20}
                """)
    }

    @Test("nothing is asked about what is not there")
    func nothing() {
        var picker = DevicePicker(console: ScriptedConsole(answers: ["0"]))
        #expect(picker.pick(.camera, among: []) == nil)
        #expect(picker.console.answers == ["0"])
    }

    private func device(_ kind: DeviceDescription.Kind, _ index: Int) -> DeviceDescription {
        DeviceDescription(
            kind: kind, index: index, name: "\(kind) \(index)", id: "\(kind)-\(index)", path: "p\(index)")
    }

    private func inventory(working: Set<String>) -> DevicePlan.Inventory {
        let (microphones, speakers, cameras) = (
            [device(.microphone, 0), device(.microphone, 1)], [device(.speaker, 0), device(.speaker, 1)],
            [device(.camera, 0), device(.camera, 1)]
        )
        return DevicePlan.Inventory(
            microphones: { microphones }, speakers: { speakers }, cameras: { cameras },
            isWorking: { working.contains($0.id) })
    }

    @Test("without a terminal the first working device is taken, and named")
    func automatic() throws {
        var said: [String] = []
        let plan = try DevicePlan(
            JoinSettings.DeviceWishes(mayAsk: false), inventory: inventory(working: ["microphone-1"]),
            console: ScriptedConsole(answers: [])
        ) { said.append($0) }
        #expect(plan.microphone == .device(device(.microphone, 1)))
        #expect(plan.speaker == SpeakerChoice.none)
        #expect(plan.cameras == [.device(device(.camera, 0)), .device(device(.camera, 1))])
        #expect(said.first == "Microphone: microphone 1")
        #expect(said.count == 2)
    }

    @Test("a person is asked for microphone, speaker and camera in this order, but not for what a flag says")
    func asking() throws {
        let wishes = JoinSettings.DeviceWishes(microphone: nil, speaker: "none", camera: nil, mayAsk: true)
        let plan = try DevicePlan(
            wishes, inventory: inventory(working: []), console: ScriptedConsole(answers: ["1", "0"])
        ) { _ in }
        #expect(plan.microphone == .device(device(.microphone, 1)))
        #expect(plan.speaker == SpeakerChoice.none)
        #expect(plan.cameras == [.device(device(.camera, 0))])
    }

    @Test("a flag that names no device is one sentence")
    func unknownDevice() {
        let wishes = JoinSettings.DeviceWishes(microphone: "tuba", speaker: nil, camera: nil, mayAsk: false)
        #expect {
            try DevicePlan(wishes, inventory: inventory(working: []), console: ScriptedConsole(answers: [])) {
                _ in
            }
        } throws: { error in
            (error as? ProgramError)?.status == .usage && "\(error)".contains("tuba")
        }
    }

    @Test("stand-ins need no device")
    func standIns() throws {
        let wishes = JoinSettings.DeviceWishes(
            microphone: "tone:440", speaker: "file:/tmp/x.wav", camera: "pattern", mayAsk: false)
        let plan = try DevicePlan(
            wishes, inventory: inventory(working: []), console: ScriptedConsole(answers: [])
        ) { _ in }
        #expect(plan.microphone == .tone(hertz: 440))
        #expect(plan.speaker == .file(path: "/tmp/x.wav"))
        #expect(plan.cameras == [.pattern])
    }
}
