import COpenCVShim
import Glibc

/// The cameras of this machine, from Video4Linux. Metadata nodes and output devices are left out.
package enum CameraCatalog {
    /// What a device node says about itself.
    struct Node {
        var name: String
        var bus: String
        var formats: [DeviceFormat] = []
    }

    /// Lists the cameras in the order of their device numbers. Blocks for a few milliseconds a device.
    package static func list() -> [DeviceDescription] {
        list(in: "/dev", ask: askNode)
    }

    /// The same for another folder and another way to ask: for tests.
    static func list(in folder: String, ask: (String) -> Node?) -> [DeviceDescription] {
        let stableNames = linkNames(in: folder + "/v4l/by-id")
        let numbers = entries(of: folder).compactMap { name in
            name.hasPrefix("video") ? Int(name.dropFirst(5)) : nil
        }
        var cameras: [DeviceDescription] = []
        for number in numbers.sorted() {
            let path = "\(folder)/video\(number)"
            guard let node = ask(path) else { continue }
            let fallback = node.bus.isEmpty ? path : unique("\(node.bus)", among: cameras)
            cameras.append(
                DeviceDescription(
                    kind: .camera, index: cameras.count, name: node.name.isEmpty ? path : node.name,
                    id: stableNames["video\(number)"] ?? fallback, path: path, formats: node.formats))
        }
        return cameras
    }

    /// Two sensors of one camera share a bus address: the second gets a number.
    private static func unique(_ id: String, among cameras: [DeviceDescription]) -> String {
        let taken = Set(cameras.map(\.id))
        guard taken.contains(id) else { return id }
        let number = (2...).first { !taken.contains("\(id)#\($0)") }
        return "\(id)#\(number ?? 2)"
    }

    private static func askNode(_ path: String) -> Node? {
        var device = rk_v4l2_device()
        guard rk_v4l2_query(path, &device), device.captures_video else { return nil }
        return Node(
            name: text(of: device.name), bus: text(of: device.bus), formats: formats(of: path))
    }

    private static func formats(of path: String) -> [DeviceFormat] {
        var found = [rk_v4l2_format](repeating: rk_v4l2_format(), count: 128)
        let count = Int(rk_v4l2_formats(path, &found, Int32(found.count)))
        return found.prefix(count).map { format in
            .video(
                text(of: format.pixel_format).trimmingSpaces, width: Int(format.width),
                height: Int(format.height), framesPerSecond: Int(format.fps))
        }
    }

    /// Device node ("video0") to the name of the link that points at it.
    private static func linkNames(in folder: String) -> [String: String] {
        var names: [String: String] = [:]
        for link in entries(of: folder).sorted() {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("\(folder)/\(link)", &buffer, buffer.count - 1)
            guard count > 0 else { continue }
            let target = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
            if let node = target.split(separator: "/").last { names[String(node)] = link }
        }
        return names
    }

    private static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(text(of: entry.pointee.d_name))
        }
        return names
    }
}

/// The text of a fixed array of C characters, up to its first zero.
func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension String {
    /// Without blanks and line ends at both sides.
    var trimmingSpaces: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
