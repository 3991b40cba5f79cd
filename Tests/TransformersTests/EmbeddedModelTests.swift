import Files
import TestSupport
import Testing
import Tokenization
import Transformers

/// Models in memory are the models of their folders.
@Suite struct EmbeddedModelTests {
  /// Reads the files of a fixture into memory that stays, as a program's does.
  private static func model(_ fixture: String, as name: String) throws -> EmbeddedModel {
    let folder = Fixtures.folder + "/models/" + fixture
    let names = try namesInFolder(folder).filter { fileExists(folder + "/" + $0) }
    return EmbeddedModel(
      name,
      try names.map { file in
        let bytes = try readFile(folder + "/" + file)
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
        copy.copyBytes(from: bytes)
        return (file, UnsafeRawBufferPointer(copy))
      })
  }

  private func withStore(
    _ fixtures: [String], _ body: (ModelStore, String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let embedded = try fixtures.map { try Self.model($0, as: "tiny-\($0)") }
      try body(
        ModelStore(folder: folder + "/data", cache: folder + "/cache", embedded: embedded), folder)
    }
  }

  @Test(arguments: ["gpt2", "bert", "llama", "roberta", "letters"])
  func runsAsItsFolderDoes(name: String) throws {
    try withStore([name]) { store, _ in
      let location = try store.resolve("tiny-" + name)
      #expect(location.isEmbedded)
      let model = try Model(location)
      let other = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
      #expect(model.configuration == other.configuration)
      #expect(model.endTokens == other.endTokens)
      #expect(
        try location.tokenizer().encode("the cat").ids == other.tokenizer.encode("the cat").ids)
      guard model.configuration.kind != .seq2seq else { return }
      let (a, b) = (try model.run("the cat"), try other.run("the cat"))
      #expect(!a.trace.tensors.isEmpty && a.trace.tensors == b.trace.tensors)
    }
  }

  /// The digest that `sha256sum` gives.
  @Test func hasTheDigestOfItsParameters() throws {
    try withStore(["gpt2"]) { store, _ in
      let location = try store.resolve(nil)
      let digest = "1db86db7cf1544e0c1fca7e5cff1920d3dcaaf3c573b8916a09fa818ff633870"
      #expect(try store.digest(of: location) == digest)
      let facts = try ModelFacts(of: location, in: store)
      #expect(facts.sha256 == digest && facts.size == 161_448 && facts.obstacle == nil)
      #expect(location.source == "in the program")
    }
  }

  @Test func isUsedWhereNothingElseIsChosen() throws {
    try withStore(["gpt2", "bert"]) { store, folder in
      #expect(try store.chosen(nil) == nil)
      #expect(try store.resolve(nil).name == "tiny-gpt2")
      #expect(store.embedded.map(\.name) == ["tiny-gpt2", "tiny-bert"])
      try store.setDefault("tiny-bert")
      #expect(try store.chosen(nil)?.name == "tiny-bert")
      // A stored model goes before: as the default, and by its name.
      let bert = Fixtures.folder + "/models/bert"
      try store.add(bert, as: "tiny-gpt2")
      #expect(try !store.resolve("tiny-gpt2").isEmbedded)
      try store.setDefault("tiny-gpt2")
      #expect(try !store.resolve(nil).isEmbedded)
      try store.remove("tiny-gpt2")
      #expect(try store.resolve(nil).isEmbedded)
      let error = fileError { _ = try store.resolve("tiny-llama") }
      #expect(error?.kind == .notFound && error?.fact.contains("tiny-gpt2, tiny-bert") == true)
    }
  }

  @Test func canBeCopiedIntoTheStore() throws {
    try withStore(["gpt2"]) { store, folder in
      try store.add("tiny-gpt2", as: "mine")
      let stored = try #require(store.stored("mine"))
      #expect(
        try readFile(stored.folder + "/model.safetensors")
          == readFile(Fixtures.folder + "/models/gpt2/model.safetensors"))
    }
  }

  @Test func saysWhatIsBroken() throws {
    let bytes = Array("{}".utf8)
    try bytes.withUnsafeBytes { bytes in
      let broken = EmbeddedModel("half", [("config.json", bytes)])
      let store = ModelStore(folder: "/nonexistent", cache: nil, embedded: [broken])
      let error = fileError { _ = try Model(store.resolve(nil)) }
      #expect(error?.kind == .badData)
      #expect(error?.path == "(in the program)/half/config.json")
    }
  }

  /// The models of this program, when it has some: whole, small, and each of its kind.
  @Test(.enabled(if: !EmbeddedModel.all.isEmpty, "no models are in the program"))
  func theProgramsModelsAreWhole() throws {
    let store = ModelStore(folder: "/nonexistent", cache: nil, embedded: EmbeddedModel.all)
    #expect(EmbeddedModel.all.map(\.name) == ["tiny-gpt", "tiny-bert", "tiny-speller"])
    let kinds: [Configuration.Kind] = [.decoder, .encoder, .seq2seq]
    var size = 0
    for (location, kind) in zip(store.embedded, kinds) {
      let model = try Model(location)
      #expect(model.configuration.kind == kind)
      let facts = try ModelFacts(of: location, in: store)
      #expect(facts.obstacle == nil)
      size += location.size
      #expect(try !model.tokenizer.encode("cat").ids.isEmpty)
    }
    #expect(size < 8_000_000)
  }
}
