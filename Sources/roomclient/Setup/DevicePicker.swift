import Devices
import Foundation

/// Asks for one device after the other by number; Enter = none, wrong input is asked again.
struct DevicePicker<Console: PromptConsole> {
    private(set) var console: Console
    private var hasBegun = false

    init(console: Console) { self.console = console }

    /// The chosen device; `nil` = none wanted, or none there.
    mutating func pick(_ kind: DeviceDescription.Kind, among devices: [DeviceDescription])
        -> DeviceDescription?
    {
        begin()
        let name = kind.rawValue.capitalized
        guard !devices.isEmpty else {
            console.write("No \(kind.rawValue) found.\n")
            return nil
        }
        console.write("Available \(name) devices:\n")
        for device in devices { console.write(" [\(device.index)] \(device.name)\n") }
        while true {
            console.write("Select \(name) device index (or press Enter to skip): ")
            guard let line = console.readLine() else {
                console.write("\n")
                return nil
            }
            let answer = line.filter { !$0.isWhitespace }
            if answer.isEmpty { return nil }
            guard let index = Int(answer) else {
                console.write("Invalid input. Please enter a number or press Enter.\n")
                continue
            }
            if let device = devices.first(where: { $0.index == index }) { return device }
            console.write("Invalid index. Please try again.\n")
        }
    }

    private mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        console.write("--- Device Selection ---\n")
    }
}
