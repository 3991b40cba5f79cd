import Files
import FoundationEssentials
import TensorFiles
import TestSupport
import Testing

/// The fixtures are made by Python's zipfile: see Tests/Fixtures/zip/make.py.
@Suite struct ZipTests {
  private static let text = String(repeating: "The cat sat on the mat. ", count: 20)

  private func open(_ name: String) throws -> Zip {
    try Zip(Fixtures.folder + "/zip/\(name).zip")
  }

  private func text(_ zip: Zip, _ name: String) throws -> String {
    let entry = try #require(zip[name])
    return String(decoding: try zip.read(entry, limit: 1000), as: UTF8.self)
  }

  @Test(arguments: ["stored", "deflated", "streamed-headers", "zip64"])
  func reads(name: String) throws {
    let zip = try open(name)
    #expect(zip.entries.map(\.name) == ["a.txt", "folder/é.txt", "empty"])
    #expect(zip.entries.map(\.size) == [480, 1, 0])
    #expect(try text(zip, "a.txt") == Self.text)
    #expect(try text(zip, "folder/é.txt") == "x")
    #expect(try text(zip, "empty").isEmpty)
    #expect(zip["folder/"] == nil)
  }

  @Test func unpacksPieceByPiece() throws {
    let zip = try open("zeros")
    let entry = try #require(zip["zeros"])
    var size = 0
    var largest = 0
    try zip.extract(entry) { piece in
      #expect(piece.allSatisfy { $0 == 0 })
      size += piece.count
      largest = max(largest, piece.count)
    }
    #expect(size == 5_000_000)
    #expect(largest <= 1 << 18)
  }

  @Test func keepsToTheLimit() throws {
    let zip = try open("zeros")
    let entry = try #require(zip["zeros"])
    let error = fileError { _ = try zip.read(entry, limit: 4_999_999) }
    #expect(error?.kind == .badData)
    #expect(error?.fact.contains("5000000 bytes, more than the 4999999") == true)
  }

  /// Archives whose directory is refused, and a word of the reason.
  @Test(arguments: [
    ("name-upwards", "plain relative path"), ("name-inner-upwards", "plain relative path"),
    ("name-absolute", "plain relative path"), ("name-backslash", "plain relative path"),
    ("name-control", "<U+001B>[2J"), ("name-dot", "plain relative path"),
    ("same-name", "same name"), ("overlap", "overlap"), ("same-place", "overlap"),
    ("encrypted", "encrypted"), ("claims-huge", "cannot be"), ("packed-too-long", "cannot be"),
    ("count", "claims 7"), ("several-parts", "several parts"), ("directory-far", "damaged"),
  ])
  func refusesTheDirectory(name: String, word: String) throws {
    let error = try #require(fileError { _ = try open(name) })
    #expect(error.kind == .badData)
    #expect(error.fact.contains(word), "\(error)")
  }

  /// Archives with one bad entry; a good one beside it can still be read.
  @Test(arguments: [
    ("claims-less", "more than the 100 bytes"), ("claims-more", "unpacks to 480 bytes"),
    ("wrong-checksum", "checksum"), ("other-name", "another name"),
  ])
  func refusesTheEntry(name: String, word: String) throws {
    let zip = try open(name)
    #expect(try text(zip, "a.txt") == Self.text)
    let error = try #require(fileError { _ = try text(zip, "b.txt") })
    #expect(error.kind == .badData)
    #expect(error.fact.contains(word), "\(error)")
  }

  @Test func namesTheMethodItDoesNotKnow() throws {
    let zip = try open("method")
    let error = fileError { _ = try text(zip, "a.txt") }
    #expect(error?.fact.contains("method 12") == true)
  }

  /// Every prefix of an archive is an error, never a crash.
  @Test(arguments: ["stored", "deflated", "zip64"])
  func refusesPrefixes(name: String) throws {
    let whole = try readFile(Fixtures.folder + "/zip/\(name).zip")
    try withTemporaryFolder { folder in
      let path = folder + "/cut.zip"
      for count in 0..<whole.count {
        try Data(whole[..<count]).write(to: URL(filePath: path))
        #expect(fileError { _ = try Zip(path) }?.kind == .badData, "\(count) bytes")
      }
    }
  }

  /// No single wrong byte crashes the reader or makes it return wrong content.
  @Test(arguments: ["deflated", "zip64"])
  func survivesWrongBytes(name: String) throws {
    let whole = try readFile(Fixtures.folder + "/zip/\(name).zip")
    try withTemporaryFolder { folder in
      let path = folder + "/wrong.zip"
      for place in whole.indices {
        var bytes = whole
        bytes[place] ^= 0xFF
        try Data(bytes).write(to: URL(filePath: path))
        guard let zip = try? Zip(path) else { continue }
        for entry in zip.entries where entry.name == "a.txt" {
          guard let content = try? zip.read(entry, limit: 1000) else { continue }
          #expect(String(decoding: content, as: UTF8.self) == Self.text, "byte \(place)")
        }
      }
    }
  }
}
