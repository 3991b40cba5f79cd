import Files
import FoundationEssentials
import TensorFiles
import Tensors
import TestSupport
import Testing

/// The fixtures are made by NumPy: see Tests/Fixtures/npz/make.py.
@Suite struct NPZFileTests {
  private static let folder = Fixtures.folder + "/npz/"

  @Test(arguments: ["stored", "deflated"])
  func readsNumbers(_ name: String) throws {
    let file = try NPZFile(Self.folder + name + ".npz")
    let grid = Tensor((0..<24).map { Float($0) / 8 }, shape: [2, 3, 4])
    for array in ["f4", "fortran", "v2", "v3"] {
      #expect(try file.tensor(array) == grid, "\(array)")
    }
    #expect(try file.tensor("f2")?.numbers == [0.5, -1, 65504])
    #expect(try file.tensor("f8")?.numbers == [0.1, -2.5])
    #expect(try file.tensor("scalar")?.shape == [])
    #expect(try file.tensor("scalar")?.numbers == [1.5])
    #expect(try file.tensor("empty")?.shape == [0, 3])
    #expect(try file.tensor("folder/a b")?.numbers == [1])
    #expect(try file.tensor("absent") == nil)
    #expect(!file.contains("metadata.json") && file.contains("i8"))
    #expect(try file.integers("i4") == [1, -2])
    #expect(try file.integers("i8") == [1 << 40, -1])
    #expect(try file.integers("u1") == [0, 255])
    #expect(try file.integers("b1") == [1, 0])
    #expect(try file.integers("f4") == nil && file.integers("absent") == nil)
    #expect(file.tensors.first { $0.name == "i4" }?.shape == [1, 2])
    #expect(fileError { _ = try file.tensor("text") }?.fact.contains("type U") == true)
  }

  @Test(arguments: ["stored", "deflated"])
  func readsWords(_ name: String) throws {
    let file = try NPZFile(Self.folder + name + ".npz")
    #expect(try file.strings("text") == ["é🙂", "", "abc"])
    #expect(try file.strings("word") == ["one word"])
    #expect(try file.strings("fortran_text") == ["a", "bc", "d", "e"])
    #expect(try file.strings("f4") == nil)
    #expect(try file.file("metadata.json") == Array(#"{"a": 1}"#.utf8))
    #expect(try file.file("absent") == nil)
    #expect(fileError { _ = try file.file("metadata.json", limit: 7) }?.kind == .badData)
  }

  /// What our own writer makes is what this reader reads.
  @Test func readsWhatIsWritten() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/own.npz"
      let tensor = Tensor([1, -2, 3, 4, 5, 6], shape: [3, 2])
      let archive = Archive([("a b", .floats(tensor)), ("ids", .integers([4, 5]))])
      var bytes: [UInt8] = []
      try archive.writeNPZ { bytes += $0 }
      try Data(bytes).write(to: URL(filePath: path))
      let file = try NPZFile(path)
      #expect(try file.tensor("a b") == tensor)
      #expect(try file.integers("ids") == [4, 5])
    }
  }

  @Test(arguments: [
    ("object", "Python objects"), ("big-endian", "big-endian"), ("structured", "' expected"),
    ("complex", "<c8"), ("short", "3 elements"), ("long", "3 elements"), ("huge", "too large"),
    ("huge-bytes", "too large"), ("claims-much", "1000000000000 elements"),
    ("negative", "not a whole number"), ("float-extent", ") expected"),
    ("many-axes", "more than 64"), ("no-shape", "not a description"),
    ("two-shapes", "\"shape\" is unknown or there twice"), ("odd-key", "\"x\""),
    ("call", "{ expected"), ("trailing", "not a description"), ("unclosed", "' expected"),
    ("head-too-long", "claims 4294967295"), ("version", "format 9"),
    ("magic", "not a NumPy array"), ("empty-file", "ends too early"),
    ("empty-strings", "empty strings"), ("wide-strings", "<U99999999999"),
  ])
  func refuses(_ name: String, _ word: String) throws {
    let error = try #require(fileError { _ = try NPZFile(Self.folder + "bad-\(name).npz") })
    #expect(error.kind == .badData)
    #expect(error.description.contains("a.npy") && error.fact.contains(word), "\(error)")
  }

  @Test func refusesCharactersThatDoNotExist() throws {
    let file = try NPZFile(Self.folder + "bad-scalar.npz")
    #expect(fileError { _ = try file.strings("a") }?.fact.contains("does not exist") == true)
  }

  @Test func survivesDamage() throws {
    let whole = try readFile(Self.folder + "deflated.npz")
    let grid = (0..<24).map { Float($0) / 8 }
    try withTemporaryFolder { folder in
      let path = folder + "/damaged.npz"
      for place in whole.indices {
        var bytes = whole
        bytes[place] ^= 0x55
        try Data(bytes).write(to: URL(filePath: path))
        if let file = try? NPZFile(path), let tensor = try? file.tensor("f4") {
          #expect(tensor.numbers == grid, "byte \(place)")
        }
      }
    }
  }
}
