import Glibc

/// Files beyond this size are refused: they are read whole.
private let largestFile = 1 << 30

/// The bytes of a whole file.
func readFile(_ path: String) throws(DeviceError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .badFile(path: path, reason: systemMessage()) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .badFile(path: path, reason: systemMessage()) }
    let size = Int(status.st_size)
    guard size <= largestFile else { throw .badFile(path: path, reason: "it is larger than 1 GiB") }
    var bytes = [UInt8](repeating: 0, count: size)
    var done = 0
    while done < size {
        let count = bytes.withUnsafeMutableBytes {
            read(file, $0.baseAddress?.advanced(by: done), size - done)
        }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw .badFile(path: path, reason: systemMessage()) }
        if count == 0 { break }
        done += count
    }
    bytes.removeLast(size - done)
    return bytes
}

/// What the last failed system call says.
func systemMessage() -> String {
    String(cString: strerror(errno))
}
