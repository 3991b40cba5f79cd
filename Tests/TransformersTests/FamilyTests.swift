import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Transformers

/// Every family and every choice of it against what transformers computed with a tiny model.
@Suite struct FamilyTests {
  static let folder = Fixtures.folder + "/families"

  static let decoders = [
    "gpt_neo", "gpt_neox", "gpt_neox_in_turn", "opt", "opt_narrow_words", "llama_biases",
    "llama_linear", "llama_llama3", "llama_dynamic", "llama_yarn", "mistral", "qwen2", "qwen3",
    "gemma", "gemma2", "gemma3_text", "phi", "phi_norms", "phi3_short", "phi3_long", "olmo2",
  ]
  static let encoders = [
    "albert", "electra", "electra_wide", "mpnet", "deberta_v2", "deberta_v2_apart", "modernbert",
    "modernbert_biases",
  ]
  static let names = decoders + encoders

  /// A model of the fixtures, with some keys of its configuration changed; they have no tokenizer,
  /// so another model's lends itself.
  static func model(_ name: String, changing keys: [String: JSON] = [:]) throws -> Model {
    try withTemporaryFolder { folder in
      var members = try #require(try Fixtures.json(Self.folder + "/\(name)/config.json").members)
      members.removeAll { keys.keys.contains($0.key) }
      members += keys.map { JSON.Member($0.key, $0.value) }
      try writeFile(folder + "/config.json", JSON.object(members).text())
      for (source, file) in [
        (Self.folder + "/\(name)", "model.safetensors"),
        (Fixtures.folder + "/models/llama", "tokenizer.json"),
      ] {
        try writeFile(folder + "/" + file, try readFile(source + "/" + file))
      }
      return try Model(folder: folder, name: name)
    }
  }

  static func expected(_ name: String) throws -> SafeTensors {
    try SafeTensors(folder + "/\(name)/expected.safetensors")
  }

  static func ids(_ name: String) throws -> [Int] {
    try #require(try expected(name).integers("ids"))
  }

  @Test func everyFolderIsTested() throws {
    let folders = try namesInFolder(Self.folder).filter { !$0.contains(".") }
    #expect(Set(folders) == Set(Self.names))
  }

  @Test(arguments: names)
  func agreesWithTransformers(name: String) throws {
    let file = try Self.expected(name)
    var pass = Pass()
    try Self.model(name).transformer(Self.ids(name), &pass)
    let sites = Dictionary(
      uniqueKeysWithValues: pass.trace.tensors.map { ($0.key.description, $0.value) })
    for entry in file.entries where entry.name != "ids" {
      let reference = try #require(try file.tensor(entry.name))
      let found = try #require(sites[entry.name], "\(entry.name)")
      #expect(found.shape == reference.shape, "\(entry.name)")
      let size = reference.numbers.reduce(1) { max($0, abs($1)) }
      let tolerance: Float = entry.name.hasSuffix(".weights") ? 1e-5 : 1e-4 * size
      let largest = zip(found.numbers, reference.numbers).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(largest <= tolerance, "\(name): \(entry.name)")
    }
  }

  /// A text token by token has the trace of the text at once, whatever the family remembers.
  @Test(arguments: decoders)
  func aTextInPiecesHasTheTraceOfTheText(name: String) throws {
    let (model, ids) = (try Self.model(name), try Self.ids(name))
    let tau = AttentionTemperature(0.7)
    var (whole, pieces) = (Pass(attentionTemperature: tau), Pass(attentionTemperature: tau))
    try model.transformer(ids, &whole)
    for range in [0..<3, 3..<4, 4..<11, 11..<12, 12..<13, 13..<18] {
      try model.transformer(Array(ids[range]), &pieces)
      #expect(pieces.positions.upperBound == range.upperBound)
    }
    PassTests().compare(pieces.trace, with: whole.trace, name)
  }

  @Test(arguments: names)
  func recordingChangesNothing(name: String) throws {
    let (model, ids) = (try Self.model(name), try Self.ids(name))
    var (everything, nothing) = (Pass(), Pass(recording: .nothing))
    #expect(
      try model.transformer(ids, &everything) == model.transformer(ids, &nothing))
    #expect(nothing.trace.tensors.isEmpty)
  }

  /// Weights are 0 where the mask says so, sum to 1, and at τ = ∞ are even where it allows.
  @Test(arguments: names)
  func masksAndTemperaturesHold(name: String) throws {
    let (model, ids) = (try Self.model(name), try Self.ids(name))
    var hot = Pass(attentionTemperature: AttentionTemperature(.infinity))
    try model.transformer(ids, &hot)
    for layer in 0..<model.configuration.layers {
      let weights = try #require(hot.trace[.weights, layer: layer])
      let ranges = hot.trace.masks[layer]?.ranges ?? ids.map { _ in 0..<ids.count }
      for head in 0..<weights.shape[0] {
        for (query, keys) in ranges.enumerated() {
          for key in ids.indices {
            let even = 1 / Float(keys.count)
            #expect(weights[head, query, key] == (keys.contains(key) ? even : 0))
          }
        }
      }
    }
  }

  /// An edit of the first layer's context reaches the output, in every placement of norms.
  @Test(arguments: names)
  func editsReachTheOutput(name: String) throws {
    let (model, ids) = (try Self.model(name), try Self.ids(name))
    let site = Site(.context, layer: 0)
    var edited = Pass(edits: [
      site: { Tensor($0.numbers.map { -$0 }, shape: $0.shape) }
    ])
    var plain = Pass()
    try model.transformer(ids, &edited)
    try model.transformer(ids, &plain)
    #expect(edited.trace[.weights, layer: 0] == plain.trace[.weights, layer: 0])
    #expect(edited.trace[.logits] != plain.trace[.logits])
  }

  /// What a layer adds is the difference of its streams, where no norm follows the sum.
  @Test(arguments: names)
  func theStreamIsASum(name: String) throws {
    let model = try Self.model(name)
    guard model.configuration.normPlacement != .after else { return }
    var pass = Pass()
    try model.transformer(Self.ids(name), &pass)
    let x = try #require(pass.trace[.embedding])
    let attention = try #require(pass.trace[.attentionOutput, layer: 0])
    let change = try #require(pass.trace[.feedForwardOutput, layer: 0])
    #expect(x + attention == pass.trace[.residual, layer: 0])
    #expect(x + attention + change == pass.trace[.output, layer: 0])
  }
}
