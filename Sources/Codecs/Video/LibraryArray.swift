/// Writes one element of an array in a C structure, which Swift sees as a tuple; indices beyond it are ignored.
func set<Elements, Element: BitwiseCopyable>(_ elements: inout Elements, _ index: Int, _ value: Element) {
    withUnsafeMutableBytes(of: &elements) { bytes in
        let offset = index * MemoryLayout<Element>.stride
        guard index >= 0, offset + MemoryLayout<Element>.size <= bytes.count else { return }
        bytes.storeBytes(of: value, toByteOffset: offset, as: Element.self)
    }
}
