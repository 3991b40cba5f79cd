import Drawing
import Testing

/// Strings as other programs spell them: ISO 32000-1, 7.3.4.
@Suite struct PDFInformationTests {
  private func read(_ information: String, trailer: String = "<< /Size 2 /Info 1 0 R >>") throws
    -> String?
  {
    let file =
      "%PDF-1.4\n1 0 obj\n\(information)\nendobj\ntrailer \(trailer)\nstartxref\n9\n%%EOF\n"
    return try provenance(inFile: Array(file.utf8))
  }

  @Test(arguments: [
    (#"({"a":1})"#, #"{"a":1}"#), (#"({"\(a\)\\\n\r\t\b\f":1})"#, "{\"(a)\\\n\r\t\u{8}\u{C}\":1}"),
    (#"({\141\62\0621})"#, "{a221}"), ("({a(b(c)d)e})", "{a(b(c)d)e}"),
    ("({a\\\nb\\\r\nc})", "{abc}"), ("<7B 61\n7D>", "{a}"), ("<7b617>", "{ap"),
    ("<FEFF007B006503016771007D>", "{e\u{301}東}"),
    ("<FEFF007BD83DDE42007D>", "{🙂}"),
  ])
  func everySpellingIsRead(_ spelling: String, _ expected: String) throws {
    #expect(try read("<< /Keywords \(spelling) >>") == expected)
  }

  @Test func onlyTheDictionaryItselfCounts() throws {
    let other = "/A << /Keywords ({no}) /B [ (x) <</Keywords({no})>> ] >> /T (/Keywords ({no})"
    #expect(try read("<</Trapped/True \(other))/Keywords({yes})>>") == "{yes}")
    #expect(try read("<< \(other)) >>") == nil)
    #expect(try read("<< /Keywords (attention, heatmap) >>") == nil)
    #expect(try read("<< >>", trailer: "<< /Size 2 >>") == nil)
  }

  @Test(arguments: [
    "<< /Keywords ({a >>", "<< /Keywords <7B >", "<< /Keywords <7Bxx> >>", "<< /Keywords ({})",
    "7", "<< /Keywords <FEFF007BD83D> >>", "<< /Keywords <FEFF7B> >>",
  ])
  func brokenOnesAreErrors(_ information: String) {
    #expect(kind { _ = try read(information) } == .badFile)
  }

  @Test(arguments: ["<< /Info 7 0 R >>", "<< /Info 1 >>", "<< /Info", ""])
  func brokenTrailersAreErrors(_ trailer: String) {
    #expect(kind { _ = try read("<< >>", trailer: trailer) } == .badFile)
  }
}
