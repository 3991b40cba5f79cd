import Files
import Tensors
import TestSupport
import Tokenization
import Training
import Transformers

/// The fixture that torch made, and a small model to align.
enum AlignmentFixture {
  /// One part of the file.
  static func part(_ name: String) throws -> JSON {
    try Fixtures.json(Fixtures.folder + "/alignment/losses.json")[name] ?? [:]
  }

  /// A decoder of one layer that learned words for some steps.
  static func start(steps: Int = 60) throws -> StartingModel {
    try withTemporaryFolder { try start(in: $0, steps: steps) }
  }

  private static func start(in folder: String, steps: Int) throws -> StartingModel {
    var settings = TrainingSettings()
    (settings.steps, settings.batch, settings.context) = (steps, 8, 14)
    (settings.rate, settings.warmup) = (0.02, 4)
    let path = folder + "/model"
    let special = SpecialTokens(.decoder)
    let words = ["cat", "dog", "car", "a", "red", "one", "two", "sun"]
    var random = RandomNumbers(seed: 5)
    let lines = (0..<300).map { _ in
      let count = 1 + Int(random.next() % 6)
      return "it: " + (0..<count).map { _ in words[Int(random.next() % 8)] }.joined(separator: " ")
    }
    let text = lines.joined(separator: "\n")
    let learned = try BytePairTraining(specialTokens: special.tokens, vocabulary: 280)
      .learn(from: [text])
    let file = learned.tokenizerFile(
      specialTokens: special.tokens.count, before: special.before, after: special.after)
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    let config = special.completing(
      [
        "model_type": "gpt_neox", "hidden_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 24,
        "use_parallel_residual": false, "tie_word_embeddings": true, "rotary_pct": 1.0,
      ], vocabulary: learned.tokens.count)
    let shape = try Blueprint(config, path: "config.json").shape
    guard let objective = SpecialTokens.objective(shape, tokenizer),
      let ends = SpecialTokens(.decoder, sharing: tokenizer).lineEnds(tokenizer)
    else { throw FileError(.badData, "fixture", "the tokenizer lacks its special tokens") }
    let corpus = try Corpus(lines: text, tokenizer: tokenizer, ends: ends, validation: 0)
    var trainer = try Trainer(
      config, tokenizer: file, endToken: special.end.flatMap(tokenizer.id),
      Batches(corpus, objective, context: 14, vocabulary: shape.vocabulary, seed: 0), settings)
    for _ in 0..<steps { try trainer.learn() }
    try trainer.save(to: path)
    return try StartingModel(Model(folder: path, name: "small"))
  }

  /// The prompts that every test continues.
  static func prompts(_ start: StartingModel) throws -> [AlignmentPrompt] {
    try ["it:", "it: a", "it: one", "it: red cat"].map {
      AlignmentPrompt($0, ids: try start.tokenizer.encode($0).ids)
    }
  }

  /// Short runs.
  static func settings(_ method: AlignmentSettings.Method) -> AlignmentSettings {
    var settings = AlignmentSettings()
    (settings.method, settings.iterations, settings.batch) = (method, 12, 32)
    (settings.length, settings.rate, settings.kl) = (10, 0.005, 0.05)
    return settings
  }
}

extension JSON {
  /// The numbers of a member.
  func numbers(_ key: String) -> [Double] { self[key]?.elements?.compactMap(\.number) ?? [] }

  /// The number of a member.
  func number(_ key: String) -> Double { self[key]?.number ?? .nan }
}

/// Whether lists agree to an absolute tolerance.
func agree(_ a: [Double], _ b: [Double], within tolerance: Double = 1e-5) -> Bool {
  a.count == b.count && !a.isEmpty && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}
