import Files
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct WordVectorsTests {
  private func read(_ text: String) throws -> WordVectors { try read(Array(text.utf8)) }

  private func read(_ bytes: [UInt8]) throws -> WordVectors {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/v.txt", bytes)
      return try WordVectors(folder + "/v.txt")
    }
  }

  /// GloVe has no header, word2vec has one; lines may end as on other systems, or not at all.
  @Test(arguments: [
    "king 1 -2.5 3e-1\n東京 0 0.25 4\n", "2 3\nking 1 -2.5 3e-1\n東京 0 0.25 4",
    "2 3\r\nking 1 -2.5 3e-1 \r\n東京\t0\t0.25\t4\r\n",
  ])
  func readsBothHeaders(text: String) throws {
    let vectors = try read(text)
    #expect(vectors.words == ["king", "東京"])
    #expect(vectors.vectors.shape == [2, 3])
    #expect(vectors.vectors.numbers == [1, -2.5, 0.3, 0, 0.25, 4])
    #expect(vectors.place(of: "東京") == 1 && vectors.place(of: "queen") == nil)
  }

  /// A word that is a number, and one that comes twice.
  @Test func readsOddWords() throws {
    let vectors = try read("7 1 2\n7 3 4\n. 5 6\n")
    #expect(vectors.words == ["7", "7", "."])
    #expect(vectors.place(of: "7") == 0)
  }

  @Test(arguments: [
    ("a 1 2\nb 1\n", "line 2"), ("a 1 2\nb 1 2 3\n", "line 2"), ("a 1 2\n\nb 1 2\n", "line 2"),
    ("a 1 x\n", "\"x\""), ("a 1 nan\n", "nan"), ("a 1 1e99\n", "1e99"), ("a 1 0x10\n", "0x10"),
    ("3 2\na 1 2\n", "3 words"), ("1 0\na\n", "0 dimensions"), ("a\n", "line 1"),
    ("1 99999999999\na 1\n", "dimensions"), ("", "no word vectors"), ("2 2\n", "no word vectors"),
    ("a 1 \u{1B}[31m\n", "line 1"),
  ])
  func refusesByLine(text: String, fact: String) {
    let error = fileError { _ = try read(text) }
    #expect(error?.kind == .badData)
    #expect(error.map { "\($0)".contains(fact) && !"\($0)".contains("\u{1B}") } == true, "\(text)")
  }

  @Test func refusesWordsThatAreNotUTF8() {
    let error = fileError { _ = try read([0xFF, 0x20, 0x31, 0x0A]) }
    #expect(error.map { "\($0)".contains("line 1") && "\($0)".contains("UTF-8") } == true)
  }

  /// A header that claims a lot allocates nothing.
  @Test func believesNoHeader() {
    #expect(fileError { _ = try read("9000000000000000000 300\na 1\n") } != nil)
  }
}
