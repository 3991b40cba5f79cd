import Files
import Testing

@Suite struct JSONParserTests {
  func parse(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8), path: "t.json") }

  @Test func keepsKeysThatAreCanonicallyEquivalent() throws {
    let value = try parse("{\"e\\u0301\":1,\"\\u00e9\":2}")
    #expect(value["e\u{301}"] == 1)
    #expect(value["\u{e9}"] == 2)
  }

  @Test func readsNumbersExactly() throws {
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("1000000000000000019884624838656") == .number(1e30))
    #expect(try parse("-0.5e1") == .number(-5))
  }

  @Test func joinsSurrogatePairs() throws {
    #expect(try parse("\"\\ud83d\\ude42 \\n\"") == "🙂 \n")
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "NaN", "1e400", "\"\\ud800\"",
    "\"\\x\"", "tru", "[1] 2", "\"\n\"", "{a:1}", "\u{FEFF}1", "// c\n1",
    String(repeating: "[", count: 300),
  ])
  func refuses(_ text: String) {
    #expect(throws: FileError.self) { try parse(text) }
  }

  @Test func refusesBadUTF8() {
    #expect(throws: FileError.self) {
      try JSON(parsing: [0x22, 0xFF, 0x22], path: "t.json")
    }
  }

  @Test func writesWhatItReads() throws {
    let text = #"{"a":[1,2.5,null],"b":{"c":"\u001b \"é\""}}"#
    #expect(try parse(text).text() == text)
    #expect(try parse(parse(text).text(indented: true)) == parse(text))
  }
}
