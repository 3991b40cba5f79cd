import Files
import FoundationEssentials
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct ShardsTests {
  private static let first = Tensor([1, 2], shape: [2])
  private static let second = Tensor([3, 4, 5], shape: [3, 1])

  /// Calls `body` with a folder of two shards and the index that has these members.
  private func withShards(
    _ map: String, _ body: (String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try Self.write(folder + "/1.safetensors", [("a", .floats(Self.first))])
      try Self.write(folder + "/2.safetensors", [("b", .floats(Self.second))])
      let path = folder + "/model.safetensors.index.json"
      try writeFile(path, #"{"metadata": {"total_size": 20}, "weight_map": "# + map + "}")
      try body(path)
    }
  }

  private static func write(
    _ path: String, _ arrays: [(name: String, content: Archive.Content)]
  ) throws {
    var bytes: [UInt8] = []
    try Archive(arrays).writeSafeTensors { bytes += $0 }
    try Data(bytes).write(to: URL(filePath: path))
  }

  @Test func readsEachTensorFromItsFile() throws {
    try withShards(#"{"b": "2.safetensors", "a": "1.safetensors"}"#) { path in
      let shards = try Shards<SafeTensors>(path)
      #expect(try shards.tensor("a") == Self.first)
      #expect(try shards.tensor("b") == Self.second)
      #expect(try shards.tensor("c") == nil)
      #expect(shards.contains("a") && !shards.contains("c"))
      #expect(shards.file(of: "a")?.path.hasSuffix("/1.safetensors") == true)
      #expect(
        shards.tensors == [
          StoredTensor(name: "b", type: "F32", shape: [3, 1]),
          StoredTensor(name: "a", type: "F32", shape: [2]),
        ])
    }
  }

  /// Hub caches link every file to a blob elsewhere.
  @Test func followsLinks() throws {
    try withShards(#"{"b": "2.safetensors", "a": "linked"}"#) { path in
      let folder = String(path.dropLast("model.safetensors.index.json".count))
      try withTemporaryFolder { other in
        try Self.write(other + "/blob", [("a", .floats(Self.first))])
        try FileManager.default.createSymbolicLink(
          atPath: folder + "linked", withDestinationPath: other + "/blob")
        #expect(try Shards<SafeTensors>(path).tensor("a") == Self.first)
      }
    }
  }

  /// Indices that are refused, and a word of the reason.
  @Test(arguments: [
    (#"{"a": "1.safetensors", "b": "2.safetensors", "c": "2.safetensors"}"#, "c is said"),
    (#"{"a": "2.safetensors", "b": "1.safetensors"}"#, "a is said to be in 2.safetensors"),
    (#"{"b": "2.safetensors", "a": "2.safetensors"}"#, "a is said"),
    (#"{"a": "1.safetensors", "a": "2.safetensors"}"#, "stands twice"),
    (#"{"a": "../1.safetensors"}"#, "plain file name"), (#"{"a": "/dev/stdin"}"#, "plain"),
    (#"{"a": "x/1.safetensors"}"#, "plain"), (#"{"a": "..\\1.safetensors"}"#, "plain"),
    (#"{"a": "."}"#, "plain"), (#"{"a": ".."}"#, "plain"), (#"{"a": ""}"#, "plain"),
    (#"{"a": "1\u0000.safetensors"}"#, "1<U+0000>.safetensors"),
    (#"{"a": "https://example.org/1.safetensors"}"#, "plain"),
    (#"{"a": "~/1.safetensors"}"#, "plain"), (#"{"a": 1}"#, "a number, not a string"),
    (#"{"a": null}"#, "null"), ("{}", "weight_map"), ("[]", "weight_map"), ("7", "weight_map"),
    (#"{"a": "1.safetensors", "b": "missing.safetensors"}"#, "no such file"),
  ])
  func refuses(_ map: String, _ word: String) throws {
    try withShards(map) { path in
      let error = try #require(fileError { _ = try Shards<SafeTensors>(path) })
      #expect(error.fact.contains(word), "\(error)")
      #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  @Test func leavesFilesThatTheIndexDoesNotName() throws {
    try withShards(#"{"a": "1.safetensors"}"#) { path in
      let shards = try Shards<SafeTensors>(path)
      #expect(shards.tensors.map(\.name) == ["a"])
    }
  }

  @Test func namesWhatIsTooMuch() throws {
    try withShards(#"{"a": "1.safetensors", "b": "2.safetensors"}"#) { path in
      let folder = String(path.dropLast("model.safetensors.index.json".count))
      try Self.write(
        folder + "2.safetensors", [("b", .floats(Self.second)), ("extra", .floats(Self.first))])
      #expect(
        fileError { _ = try Shards<SafeTensors>(path) }?.fact
          == "holds extra, which the index does not name")
      try Self.write(
        folder + "2.safetensors", [("b", .floats(Self.second)), ("a", .floats(Self.first))])
      #expect(
        fileError { _ = try Shards<SafeTensors>(path) }?.fact
          == "holds a, which the index says is in another file")
    }
  }

  @Test func refusesFoldersAndDevices() throws {
    try withShards(#"{"a": "sub"}"#) { path in
      let folder = String(path.dropLast("model.safetensors.index.json".count))
      try FileManager.default.createDirectory(
        atPath: folder + "sub", withIntermediateDirectories: false)
      #expect(fileError { _ = try Shards<SafeTensors>(path) }?.fact == "not a regular file")
    }
    try withShards(#"{"a": "zero"}"#) { path in
      let folder = String(path.dropLast("model.safetensors.index.json".count))
      try FileManager.default.createSymbolicLink(
        atPath: folder + "zero", withDestinationPath: "/dev/zero")
      #expect(fileError { _ = try Shards<SafeTensors>(path) }?.fact == "not a regular file")
    }
  }

  @Test func readsShardsOfTorch() throws {
    try withTemporaryFolder { folder in
      let source = Fixtures.folder + "/torch/protocol2.bin"
      try writeFile(folder + "/1.bin", readFile(source))
      let names = try TorchFile(source).tensors.map(\.name)
      let map = names.map { "\"\($0)\": \"1.bin\"" }.joined(separator: ", ")
      try writeFile(folder + "/i.json", "{\"weight_map\": {\(map)}}")
      let shards = try Shards<TorchFile>(folder + "/i.json")
      #expect(try shards.tensor("parameter")?.numbers == [1.5, -2.5])
    }
  }

  @Test(.enabled(if: Fixtures.parity != nil, "the shared parity set is not here"))
  func readsTheParitySet() throws {
    let folder = try #require(Fixtures.parity)
    let shards = try Shards<SafeTensors>(
      folder + "/containers/llama_sharded/model.safetensors.index.json")
    let whole = try SafeTensors(folder + "/models/llama/model.safetensors")
    #expect(shards.tensors.count == whole.entries.count)
    for entry in whole.entries {
      #expect(try shards.tensor(entry.name) == whole.tensor(entry.name))
    }
  }
}
