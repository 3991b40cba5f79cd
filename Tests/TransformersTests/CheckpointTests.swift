import Files
import FoundationEssentials
import TensorFiles
import TestSupport
import Testing
import Transformers

/// Which file of a folder the parameters come from.
@Suite struct CheckpointTests {
  private static let source = Fixtures.folder + "/models/gpt2"

  /// Calls `body` with a folder that holds a model without its parameters.
  private func withModel(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for file in ["config.json", "tokenizer.json"] {
        try writeFile(folder + "/" + file, readFile(Self.source + "/" + file))
      }
      try body(folder)
    }
  }

  private func load(_ folder: String) throws -> Model { try Model(folder: folder, name: "m") }

  /// A shard of the whole model, named by an index.
  private func writeShards(to folder: String) throws {
    let whole = Self.source + "/model.safetensors"
    try writeFile(folder + "/model-1.safetensors", readFile(whole))
    let names = try SafeTensors(whole).entries.map(\.name)
    let map = names.map { "\"\($0)\": \"model-1.safetensors\"" }.joined(separator: ", ")
    try writeFile(folder + "/model.safetensors.index.json", "{\"weight_map\": {\(map)}}")
  }

  @Test func runsShards() throws {
    try withModel { folder in
      try writeShards(to: folder)
      let model = try load(folder)
      #expect(model.checkpoint.path == folder + "/model.safetensors.index.json")
      let whole = try load(Self.source)
      #expect(model.configuration.layers == whole.configuration.layers)
    }
  }

  /// One file comes before shards, and both before PyTorch's.
  @Test func prefersWholeFiles() throws {
    try withModel { folder in
      try writeFile(folder + "/pytorch_model.bin", "not a zip archive")
      #expect(fileError { _ = try load(folder) }?.path == folder + "/pytorch_model.bin")
      try writeShards(to: folder)
      #expect(try load(folder).checkpoint.path.hasSuffix("index.json"))
      try writeFile(
        folder + "/model.safetensors", readFile(Self.source + "/model.safetensors"))
      #expect(try load(folder).checkpoint.path == folder + "/model.safetensors")
    }
  }

  @Test func namesTheTensorThatAFileLacks() throws {
    try withModel { folder in
      let bin = Fixtures.folder + "/torch/protocol2.bin"
      try writeFile(folder + "/pytorch_model.bin", readFile(bin))
      let error = fileError { _ = try load(folder) }
      #expect(error?.path == folder + "/pytorch_model.bin")
      #expect(error?.fact.contains("wte.weight is missing") == true, "\(String(describing: error))")
    }
  }

  @Test(arguments: ["model.onnx", "tf_model.h5", "flax_model.msgpack"])
  func saysWhatToDoAboutOtherFormats(_ name: String) throws {
    try withModel { folder in
      #expect(fileError { _ = try load(folder) }?.kind == .notFound)
      try writeFile(folder + "/" + name, "x")
      let error = fileError { _ = try load(folder) }
      #expect(error?.kind == .badData && error?.fact.contains("save_pretrained") == true)
    }
  }
}
