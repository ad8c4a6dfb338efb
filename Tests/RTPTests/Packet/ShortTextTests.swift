import Testing

@testable import RTP

@Suite("Short text")
struct ShortTextTests {
    @Test(
        "text of up to 16 bytes comes back",
        arguments: ["", "0", "12345678", "123456789", "0123456789abcdef", "äöü"])
    func roundTrip(text: String) {
        #expect(ShortText(text)?.string == text)
        #expect(ShortText(bytes: Array(text.utf8))?.string == text)
    }

    @Test("longer text is refused")
    func tooLong() {
        let text = "0123456789abcdefg"
        #expect(ShortText(text) == nil)
        #expect(ShortText(bytes: Array(text.utf8)) == nil)
    }

    @Test("texts are equal when their bytes are")
    func equality() {
        #expect(ShortText("q") == "q")
        #expect(ShortText("q") != "h")
        #expect(ShortText("a\0") != "a")
    }
}
