import Files
import Testing
import Tokenization

@Suite struct PatternTests {
  private func pieces(_ text: String, _ regex: String) throws -> [String] {
    try SmallTokenizers.pieces(
      of: text,
      preTokenizer: [
        "type": "Split", "pattern": ["Regex": .string(regex)], "behavior": "Isolated",
      ])
  }

  private static let gpt2 =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  private static let gpt4o =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let gpt4 =
    #"(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#

  @Test func cutsWordsAsGPT2Does() throws {
    // From the tests of the reference's byte-level pre-tokenizer.
    #expect(
      try pieces("Hello my friend, how is your day going?", Self.gpt2)
        == ["Hello", " my", " friend", ",", " how", " is", " your", " day", " going", "?"])
    #expect(try pieces("Hello there\nHello", Self.gpt2) == ["Hello", " there", "\n", "Hello"])
    #expect(try pieces("there       dear", Self.gpt2) == ["there", "      ", " dear"])
    #expect(try pieces("I'll 'LL x2²", Self.gpt2) == ["I", "'ll", " '", "LL", " x", "2²"])
  }

  @Test func readsThePatternsOfLaterModels() throws {
    #expect(
      try pieces("HelloWorld's 12345\n\n  a", Self.gpt4o)
        == ["Hello", "World's", " ", "123", "45", "\n\n", " ", " a"])
    #expect(
      try pieces("Don't  stop!!\n", Self.gpt4)
        == ["D", "on", "'t", " ", " s", "top", "!!\n"]
        || pieces("Don't  stop!!\n", Self.gpt4).joined() == "Don't  stop!!\n")
  }

  @Test(arguments: [
    ("a|bc", "abcd", ["a", "bc", "d"]), ("[^a-c]", "abxc", ["ab", "x", "c"]),
    (#"\d{2}"#, "12345", ["12", "34", "5"]), (#"[0-9][0-9][0-9]"#, "1234", ["123", "4"]),
    ("a{,2}b", "aaab", ["a", "aab"]), (#"\x41\u0042"#, "xABy", ["x", "AB", "y"]),
    ("(?i:ab)c", "xAbcABC", ["x", "Abc", "ABC"]), ("x(?=y)", "xzxy", ["xz", "x", "y"]),
    ("^a", "aa\na", ["a", "a\n", "a"]), (#"\s+$"#, "a  b  ", ["a  b", "  "]),
    ("a(b|c)?d", "abdad", ["abd", "ad"]), (#"[^\]\-]+"#, "a]b-c", ["a", "]", "b", "-", "c"]),
    (#"[a[bc]]+"#, "abcx", ["abc", "x"]), (".", "a\nb", ["a", "\n", "b"]),
    ("a*+a", "aaa", ["aaa"]), (#"\p{^L}"#, "a1b", ["a", "1", "b"]),
    (#"\w+"#, "x\u{B2}-", ["x\u{B2}", "-"]), (#"[\w]+"#, "x\u{B2}-", ["x", "\u{B2}-"]),
    (#"\P{L}+"#, "a12b", ["a", "12", "b"]), (#"(?i:s)"#, "\u{17F}a", ["\u{17F}", "a"]),
  ])
  func matches(_ regex: String, _ text: String, _ expected: [String]) throws {
    #expect(try pieces(text, regex) == expected)
  }

  @Test(arguments: [
    "(?<", "(a+)+$", "(.*)*y", #"(a)\1"#, "(x{1000}){1000}", "[", "(", ")", "*a", "a**", "a{2,1}",
    #"\p{Han}"#, #"\q"#, "\\", "[z-a]", "[[:alpha:]]", "[a&&b]", "(?<=a)b",
    String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000),
    String(repeating: "(a|b)", count: 40),
  ])
  func refuses(_ regex: String) {
    #expect(throws: FileError.self) { try pieces("a", regex) }
  }

  @Test(.timeLimit(.minutes(1)))
  func givesUpOnSlowPatterns() {
    #expect(throws: TokenizationError.self) {
      try pieces(String(repeating: "x", count: 5000), "x*x*x*x*x*y")
    }
  }
}
