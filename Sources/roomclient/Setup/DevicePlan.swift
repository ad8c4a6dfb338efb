import Devices

/// Which devices the call uses.
struct DevicePlan: Sendable, Hashable {
    var microphone: MicrophoneChoice
    var speaker: SpeakerChoice
    /// Cameras to try, best first; empty = none.
    var cameras: [CameraChoice]

    /// What the machine has, and what of it works.
    struct Inventory: Sendable {
        var microphones: @Sendable () -> [DeviceDescription]
        var speakers: @Sendable () -> [DeviceDescription]
        var cameras: @Sendable () -> [DeviceDescription]
        /// Opens a sound device for a moment.
        var isWorking: @Sendable (DeviceDescription) -> Bool

        /// The real devices.
        static let machine = Inventory(
            microphones: { AudioDeviceCatalog.microphones() }, speakers: { AudioDeviceCatalog.speakers() },
            cameras: { CameraCatalog.list() }, isWorking: { AudioDeviceCatalog.isWorking($0) })
    }

    /// Decides in the order microphone, speaker, camera: what a flag says, else what a person answers,
    /// else the first that works. Throws one sentence when a flag names nothing.
    init(
        _ wishes: JoinSettings.DeviceWishes, inventory: Inventory, console: some PromptConsole,
        say: (String) -> Void
    ) throws(ProgramError) {
        var picker = DevicePicker(console: console)
        microphone = try Self.microphone(wishes, inventory, &picker, say)
        speaker = try Self.speaker(wishes, inventory, &picker, say)
        cameras = try Self.cameras(wishes, inventory, &picker, say)
    }

    private static func microphone(
        _ wishes: JoinSettings.DeviceWishes, _ inventory: Inventory,
        _ picker: inout DevicePicker<some PromptConsole>,
        _ say: (String) -> Void
    ) throws(ProgramError) -> MicrophoneChoice {
        let devices = inventory.microphones()
        if let text = wishes.microphone {
            return try resolved { () throws(DeviceSelectionError) in
                try MicrophoneChoice(text, among: devices)
            }
        }
        if wishes.mayAsk { return picker.pick(.microphone, among: devices).map { .device($0) } ?? .none }
        guard let device = devices.first(where: inventory.isWorking) else {
            say("No microphone works here: the others will not hear you (--microphone chooses one).")
            return .none
        }
        say("Microphone: \(device.name)")
        return .device(device)
    }

    private static func speaker(
        _ wishes: JoinSettings.DeviceWishes, _ inventory: Inventory,
        _ picker: inout DevicePicker<some PromptConsole>,
        _ say: (String) -> Void
    ) throws(ProgramError) -> SpeakerChoice {
        let devices = inventory.speakers()
        if let text = wishes.speaker {
            return try resolved { () throws(DeviceSelectionError) in try SpeakerChoice(text, among: devices) }
        }
        if wishes.mayAsk { return picker.pick(.speaker, among: devices).map { .device($0) } ?? .none }
        guard let device = devices.first(where: inventory.isWorking) else {
            say("No speaker works here: you will not hear the others (--speaker chooses one).")
            return .none
        }
        say("Speaker: \(device.name)")
        return .device(device)
    }

    /// Cameras are opened when they are published; that is when one that does not work is passed over.
    private static func cameras(
        _ wishes: JoinSettings.DeviceWishes, _ inventory: Inventory,
        _ picker: inout DevicePicker<some PromptConsole>,
        _ say: (String) -> Void
    ) throws(ProgramError) -> [CameraChoice] {
        let devices = inventory.cameras()
        if let text = wishes.camera {
            let choice = try resolved { () throws(DeviceSelectionError) in
                try CameraChoice(text, among: devices)
            }
            return choice == .none ? [] : [choice]
        }
        if wishes.mayAsk { return picker.pick(.camera, among: devices).map { [.device($0)] } ?? [] }
        if devices.isEmpty {
            say("There is no camera here: the others will not see you (--camera pattern stands in).")
        }
        return devices.map { .device($0) }
    }

    private static func resolved<Choice>(
        _ choose: () throws(DeviceSelectionError) -> Choice
    ) throws(ProgramError) -> Choice {
        do {
            return try choose()
        } catch {
            throw .usage(error.description)
        }
    }
}
