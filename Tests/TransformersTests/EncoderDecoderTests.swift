import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Every encoder–decoder against the published formulas in double precision, and its laws.
@Suite struct EncoderDecoderTests {
  static let folder = Fixtures.folder + "/seq2seq"
  static let names = ["bart", "marian", "t5", "flan_t5", "vaswani", "vaswani_norm_first"]

  /// A model of the fixtures, with some keys of its configuration changed; another model's
  /// tokenizer lends itself.
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

  /// The reference's tensors, source, decoder input and greedy tokens.
  struct Expected {
    let file: SafeTensors
    let ids: [Int]
    let targets: [Int]
    let greedy: [Int]

    init(_ name: String) throws {
      file = try SafeTensors(EncoderDecoderTests.folder + "/\(name)/expected.safetensors")
      ids = try #require(file.integers("ids"))
      targets = try #require(file.integers("decoder_ids"))
      greedy = try #require(file.integers("greedy"))
    }
  }

  @Test func everyFolderIsTested() throws {
    let folders = try namesInFolder(Self.folder).filter { !$0.contains(".") }
    #expect(Set(folders) == Set(Self.names))
  }

  @Test(arguments: names)
  func agreesWithTheFormulas(name: String) throws {
    let (model, expected) = (try Self.model(name), try Expected(name))
    var pass = Pass()
    try model.transformer.read(expected.ids, &pass)
    try model.transformer(expected.targets, &pass)
    let sites = Dictionary(
      uniqueKeysWithValues: pass.trace.tensors.map { ($0.key.description, $0.value) })
    for entry in expected.file.entries where !["ids", "decoder_ids", "greedy"].contains(entry.name)
    {
      let reference = try #require(try expected.file.tensor(entry.name))
      let found = try #require(sites[entry.name], "\(entry.name)")
      #expect(found.shape == reference.shape, "\(entry.name)")
      let size = reference.numbers.reduce(1) { max($0, abs($1)) }
      let tolerance: Float = entry.name.hasSuffix(".weights") ? 1e-5 : 1e-4 * size
      let isMasked = entry.name.hasSuffix(".attention.scores") && entry.name.hasPrefix("decoder.")
      let (rows, keys) = (max(expected.targets.count, 1), reference.width)
      let largest = zip(found.numbers, reference.numbers).enumerated().reduce(Float(0)) {
        let place = $1.offset
        guard !isMasked || place % keys <= place / keys % rows else { return $0 }
        return max($0, abs($1.element.0 - $1.element.1))
      }
      #expect(largest <= tolerance, "\(name): \(entry.name)")
    }
  }

  @Test(arguments: names)
  func writesTheGreedyTarget(name: String) throws {
    let (model, expected) = (try Self.model(name), try Expected(name))
    var pass = Pass()
    let generation = try model.generate(
      after: expected.ids, .greedy(count: 12, ignoresEnd: true), &pass)
    #expect(generation.ids == expected.greedy && generation.stopped == .length)
    #expect(generation.source == expected.ids)
    #expect(generation.prompt == Array(expected.targets.prefix(1)))
    #expect(generation.steps.map(\.row) == Array(0..<12))
    // Nothing looks at the last token, so the trace ends before it.
    #expect(pass.trace[.weights, layer: 0, of: .cross]?.shape[1] == 12)
    let run = model.run(
      of: generation, after: try model.tokenizer.encode("a"), text: "a", pass)
    #expect(run.target?.encoding.ids == expected.targets)
  }

  @Test func stopsAtTheEnd() throws {
    let expected = try Expected("t5")
    let end = expected.greedy[3]
    let model = try Self.model("t5", changing: ["eos_token_id": .integer(end)])
    let first = try #require(expected.greedy.firstIndex(of: end))
    var pass = Pass()
    let generation = try model.generate(after: expected.ids, .greedy(count: 12), &pass)
    #expect(generation.ids == Array(expected.greedy[...first]))
    #expect(generation.stopped == .endToken(end))
    #expect(pass.positions.upperBound == first + 1)
  }

  @Test func stopsWhereNoPositionIsLeft() throws {
    let model = try Self.model("marian", changing: ["max_position_embeddings": 14])
    var pass = Pass()
    let generation = try model.generate(
      after: try Expected("marian").ids, .greedy(count: 20, ignoresEnd: true), &pass)
    #expect(generation.stopped == .contextFull && generation.steps.count == 14)
  }

  /// The target token by token has the trace of the target at once: keys and values of the source
  /// are computed once, and those of the target are kept.
  @Test(arguments: names)
  func aTargetInPiecesHasTheTraceOfTheTarget(name: String) throws {
    let (model, expected) = (try Self.model(name), try Expected(name))
    let tau = AttentionTemperature(0.7)
    var (whole, pieces) = (Pass(attentionTemperature: tau), Pass(attentionTemperature: tau))
    try model.transformer.read(expected.ids, &whole)
    try model.transformer(expected.targets, &whole)
    try model.transformer.read(expected.ids, &pieces)
    for range in [0..<3, 3..<4, 4..<11, 11..<12] {
      try model.transformer(Array(expected.targets[range]), &pieces)
      #expect(pieces.positions == range)
    }
    PassTests().compare(pieces.trace, with: whole.trace, name)
  }

  @Test(arguments: names)
  func recordingChangesNothing(name: String) throws {
    let (model, expected) = (try Self.model(name), try Expected(name))
    var (everything, nothing) = (Pass(), Pass(recording: .nothing))
    try model.transformer.read(expected.ids, &everything)
    try model.transformer.read(expected.ids, &nothing)
    #expect(
      try model.transformer(expected.targets, &everything)
        == model.transformer(expected.targets, &nothing))
    #expect(nothing.trace.tensors.isEmpty && nothing.trace.masks.isEmpty)
  }

  /// At τ = ∞ weights are even: over the source for encoder and cross-attention, over what came
  /// before in the decoder.
  @Test(arguments: names)
  func temperatureActsInEveryAttention(name: String) throws {
    let (model, expected) = (try Self.model(name), try Expected(name))
    var pass = Pass(attentionTemperature: AttentionTemperature(.infinity))
    try model.transformer.read(expected.ids, &pass)
    try model.transformer(expected.targets, &pass)
    for stack in model.configuration.stacks {
      let weights = try #require(pass.trace[.weights, layer: 0, of: stack])
      for query in 0..<weights.shape[1] {
        for key in 0..<weights.width {
          let count = stack == .decoder ? query + 1 : expected.ids.count
          #expect(weights[1, query, key] == (key < count ? 1 / Float(count) : 0))
        }
      }
    }
  }

  /// An edit of what the decoder takes from the source reaches the logits and nothing before it.
  @Test(arguments: names)
  func editsOfCrossAttentionReachTheLogits(name: String) throws {
    let (model, expected) = (try Self.model(name), try Expected(name))
    let site = Site(.value, layer: 0, of: .cross)
    func run(_ edits: [Site: @Sendable (Tensor) -> Tensor]) throws -> Pass {
      var pass = Pass(edits: edits)
      try model.transformer.read(expected.ids, &pass)
      try model.transformer(Array(expected.targets.prefix(4)), &pass)
      try model.transformer(Array(expected.targets.dropFirst(4)), &pass)
      return pass
    }
    let plain = try run([:])
    let edited = try run([site: { Tensor($0.numbers.map { -$0 }, shape: $0.shape) }])
    #expect(
      edited.trace[.weights, layer: 0, of: .cross] == plain.trace[.weights, layer: 0, of: .cross])
    let (a, b) = (edited.trace[.logits]?.numbers, plain.trace[.logits]?.numbers)
    let rows = try zip(#require(a), #require(b)).map { $0 != $1 }
    // Every row, those of the later call too: the edited values are what is remembered.
    let width = model.configuration.vocabulary
    for row in expected.targets.indices {
      #expect(rows[row * width..<(row + 1) * width].contains(true), "row \(row)")
    }
  }

  /// A source that is read again starts a target anew.
  @Test func readingStartsAnew() throws {
    let (model, expected) = (try Self.model("t5"), try Expected("t5"))
    var (once, twice) = (Pass(), Pass())
    try model.transformer.read(expected.ids, &once)
    try model.transformer(expected.targets, &once)
    try model.transformer.read([5, 6], &twice)
    try model.transformer([7, 8], &twice)
    try model.transformer.read(expected.ids, &twice)
    try model.transformer(expected.targets, &twice)
    #expect(once.trace.tensors == twice.trace.tensors)
  }

  @Test func refusesWhatCannotBe() throws {
    let model = try Self.model("bart")
    var pass = Pass()
    #expect(throws: ModelError.self) { try model.transformer([2], &pass) }
    for source in [[], [99], Array(repeating: 3, count: 33)] {
      #expect(throws: ModelError.self, "\(source.count)") {
        try model.transformer.read(source, &pass)
      }
    }
    let decoder = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    let error = #expect(throws: ModelError.self) { try decoder.transformer.read([1], &pass) }
    #expect(error?.kind == .badModel)
  }

  // MARK: configurations and names

  static let wrong: [(name: String, key: String, value: JSON)] = [
    ("bart", "normalize_before", true), ("bart", "normalize_embedding", false),
    ("bart", "is_encoder_decoder", false), ("bart", "encoder_attention_heads", 3),
    ("bart", "decoder_start_token_id", 40), ("bart", "decoder_layers", 0),
    ("marian", "share_encoder_decoder_embeddings", false), ("marian", "decoder_vocab_size", 39),
    ("marian", "activation_function", "mish"), ("t5", "feed_forward_proj", "gated-mish"),
    ("t5", "relative_attention_max_distance", 4), ("t5", "relative_attention_num_buckets", 2),
    ("t5", "scalable_attention", true), ("vaswani", "batch_first", true), ("vaswani", "nhead", 5),
    ("vaswani", "activation", 1),
  ]

  @Test(arguments: wrong.indices)
  func refusesWhatChangesTheNumbers(index: Int) throws {
    let (name, key, value) = Self.wrong[index]
    let error = fileError { _ = try Self.model(name, changing: [key: value]) }
    #expect(error?.kind == .badData, "\(name) \(key)")
  }

  @Test func stacksHaveShapesOfTheirOwn() throws {
    let shape = try Self.model("bart").configuration
    #expect(shape.kind == .seq2seq && shape.layers == 2 && shape.heads == 4)
    let encoder = shape.shape(of: .encoder)
    #expect(encoder.kind == .encoder && encoder.layers == 1 && encoder.heads == 2)
    #expect(encoder.headWidth == 8 && encoder.hidden == 20 && encoder.stacks == [.sole])
    #expect(shape.shape(of: .cross) == shape && shape.mostLayers == 2)
  }

  @Test func sitesNameTheirStack() {
    let names = [
      Site(.weights, layer: 3): "layers.3.attention.weights",
      Site(.query, layer: 0, of: .encoder): "encoder.layers.0.attention.q",
      Site(.residual, layer: 1, of: .decoder): "decoder.layers.1.residual",
      Site(.weights, layer: 2, of: .cross): "decoder.layers.2.cross_attention.weights",
      Site(.attentionOutput, layer: 0, of: .cross): "decoder.layers.0.cross_attention.output",
      Site(.residual, layer: 0, of: .cross): "decoder.layers.0.cross_attention.residual",
      Site(.finalHidden, of: .encoder): "encoder.final_hidden",
      Site(.logits, of: .decoder): "logits",
    ]
    for (site, name) in names { #expect(site.description == name) }
  }

  /// A trace file has both stacks, the target's tokens, and the mask of the decoder alone.
  @Test func tracesHaveBothStacks() throws {
    let (model, expected) = (try Self.model("vaswani"), try Expected("vaswani"))
    var pass = Pass(recording: Recording([.weights, .logits]))
    let generation = try model.generate(
      after: expected.ids, .greedy(count: 12, ignoresEnd: true), &pass)
    let run = model.run(of: generation, after: try model.tokenizer.encode("a"), text: "a", pass)
    let archive = run.archive()
    #expect(
      archive.arrays.map(\.name) == [
        "ids", "decoder_ids", "encoder.layers.0.attention.weights",
        "encoder.layers.1.attention.weights", "decoder.layers.0.attention.weights",
        "decoder.layers.0.cross_attention.weights", "decoder.layers.1.attention.weights",
        "decoder.layers.1.cross_attention.weights", "logits", "decoder.layers.0.attention.mask",
        "decoder.layers.1.attention.mask",
      ])
    #expect(archive.arrays.last?.content.shape == [12, 12])
    let words = Dictionary(archive.metadata, uniquingKeysWith: { first, _ in first })
    #expect(words["kind"] == "seq2seq")
    #expect(words["target_ids"] == "[\(expected.targets.map(String.init).joined(separator: ","))]")
  }

  @Test func mapsOfBothStacksCost() throws {
    let shape = try Self.model("bart").configuration
    let bytes = Recording([.weights]).bytesOfMaps(shape, tokens: 10, target: 3)
    #expect(bytes == 4 * (1 * 2 * 100 + 2 * 4 * (9 + 30)))
  }
}
