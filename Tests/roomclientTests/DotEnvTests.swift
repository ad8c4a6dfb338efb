import Testing

@testable import roomclient

/// How a `.env` file is read.
struct DotEnvTests {
    @Test(
        "a line gives its value",
        arguments: [
            ("KEY=value", "value"),
            ("KEY = value", "value"),
            ("export KEY=value", "value"),
            ("export\tKEY=value", "value"),
            ("  KEY=value  ", "value"),
            ("KEY=", ""),
            ("KEY=a b c", "a b c"),
            ("KEY=a # comment", "a"),
            ("KEY=a#b", "a#b"),
            ("KEY=# comment", ""),
            ("KEY=\"a # b\" # comment", "a # b"),
            ("KEY='a # b'", "a # b"),
            ("KEY=\"line\\nnext\\t\\\"quoted\\\" \\$HOME \\\\ \\x\"", "line\nnext\t\"quoted\" $HOME \\ \\x"),
            ("KEY='no \\n escape'", "no \\n escape"),
            ("KEY=\"two\nlines\"", "two\nlines"),
            ("KEY=value\r\nOTHER=1", "value"),
            ("KEY=\"value\"\r\n", "value"),
            ("\u{FEFF}KEY=value", "value"),
            ("KEY=a=b=c", "a=b=c"),
            ("KEY=wss://host/path?x=1&y=#2", "wss://host/path?x=1&y=#2"),
            ("KEY=über 等待", "über 等待"),
            ("KEY=first\nKEY=second", "second"),
        ])
    func value(line: String, expected: String) {
        #expect(DotEnv(parsing: line).values["KEY"] == expected)
    }

    @Test("comments and empty lines say nothing")
    func comments() {
        let file = DotEnv(parsing: "# KEY=1\n\n   \n\t# x\r\n\r\n")
        #expect(file == DotEnv())
    }

    @Test("a line that makes no sense is named and the rest is read")
    func unreadable() {
        let file = DotEnv(parsing: "A=1\nnonsense\n2B=3\nC=\"no end\nD=4\nE='x' y\nF=6")
        #expect(file.values == ["A": "1", "D": "4", "F": "6"])
        #expect(file.unreadableLines == [2, 3, 4, 6])
    }

    @Test("an empty file sets nothing")
    func empty() {
        #expect(DotEnv(parsing: "").values.isEmpty)
    }
}
