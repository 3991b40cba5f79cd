import Files
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct ArchiveFileTests {
  static let archive = Archive(
    [
      ("ids", .integers([3, -1])),
      ("a", .floats(Tensor([1, 2.5, -3, 0, 5, 1e-9], shape: [2, 3]))),
      ("mask", .bytes([1, 0, 1, 1], shape: [2, 2])),
    ], metadata: [("tokens", "[\"x\",\"y\"]"), ("text", "xy")])

  @Test(arguments: ["safetensors", "npz", "json"])
  func readsWhatIsWritten(format: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/archive." + format
      var bytes: [UInt8] = []
      switch format {
      case "npz": try Self.archive.writeNPZ { bytes += $0 }
      case "json": try Self.archive.writeJSON { bytes += $0 }
      default: try Self.archive.writeSafeTensors { bytes += $0 }
      }
      try writeFile(path, bytes)
      let file = try ArchiveFile(path)
      #expect(Set(file.arrays.map(\.name)) == ["ids", "a", "mask"])
      #expect(file["a"]?.shape == [2, 3] && file["b"] == nil)
      let tensor = try #require(try file.tensor("a"))
      #expect(tensor == Tensor([1, 2.5, -3, 0, 5, 1e-9], shape: [2, 3]))
      #expect(try file.integers("ids") == [3, -1])
      #expect(try file.integers("mask") == [1, 0, 1, 1])
      #expect(file.words("tokens") == "[\"x\",\"y\"]" && file.words("text") == "xy")
      #expect(file.words("none") == nil)
    }
  }

  @Test func takesWordsFromArraysOfText() throws {
    let file = try ArchiveFile(Fixtures.folder + "/recordings/decoder.npz")
    #expect(file.words("model") == "a decoder")
    let tokens = try JSON(parsing: Array((file.words("tokens") ?? "").utf8), path: "tokens")
    #expect(tokens[0] == "ĠThe" && tokens.elements?.count == 9)
    #expect(file["tokens"] == nil && file["logits"]?.type == "F64")
  }

  @Test(arguments: [
    (#"{"metadata": {}}"#, "tensors"), (#"[]"#, "tensors"), (#"{"tensors": {"a": 1}}"#, "a"),
    (#"{"tensors": {"a": {"shape": [2], "values": [1]}}}"#, "needs 2 values"),
    (#"{"tensors": {"a": {"shape": [-1], "values": []}}}"#, "shape"),
    (#"{"tensors": {"a": {"shape": [9223372036854775807, 2], "values": []}}}"#, "shape"),
    ("{", ""),
  ])
  func refusesBrokenJSON(text: String, word: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.json"
      try writeFile(path, text)
      let error = try #require(fileError { _ = try ArchiveFile(path) })
      #expect(error.kind == .badData && error.description.contains(word))
    }
  }

  @Test func refusesWhatIsNoNumber() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.json"
      try writeFile(path, #"{"tensors": {"a": {"shape": [2], "values": [1, "2"]}}}"#)
      let file = try ArchiveFile(path)
      #expect(fileError { _ = try file.tensor("a") }?.kind == .badData)
      #expect(fileError { _ = try ArchiveFile(folder + "/x.txt") }?.kind == .badData)
      #expect(fileError { _ = try ArchiveFile(folder + "/none.npz") }?.kind == .notFound)
    }
  }
}
