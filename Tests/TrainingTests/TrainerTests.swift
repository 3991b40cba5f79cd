import Files
import Tensors
import TestSupport
import Testing
import Tokenization
import Training
import Transformers

@Suite struct TrainerTests {
  static let shapes: [String: JSON] = [
    "gpt2": ["model_type": "gpt2", "n_layer": 1, "n_head": 2, "n_embd": 16, "n_positions": 16],
    "llama": [
      "model_type": "llama", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 4,
      "num_key_value_heads": 2, "intermediate_size": 24, "max_position_embeddings": 16,
    ],
    "bert": [
      "model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": 16,
      "intermediate_size": 32, "max_position_embeddings": 16,
    ],
    "gpt_neox": [
      "model_type": "gpt_neox", "hidden_size": 16, "num_hidden_layers": 1,
      "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 16,
      "use_parallel_residual": false, "tie_word_embeddings": true, "rotary_pct": 1.0,
    ],
    "modernbert": [
      "model_type": "modernbert", "num_hidden_layers": 2, "num_attention_heads": 2,
      "hidden_size": 16, "intermediate_size": 24, "max_position_embeddings": 16,
      "global_attn_every_n_layers": 1,
    ],
    "vaswani": [
      "model_type": "vaswani", "is_encoder_decoder": true, "d_model": 16, "nhead": 2,
      "num_encoder_layers": 1, "num_decoder_layers": 1, "dim_feedforward": 24,
      "norm_first": true, "final_norm": true,
    ],
    "t5": [
      "model_type": "t5", "is_encoder_decoder": true, "d_model": 16, "num_heads": 2, "d_kv": 8,
      "d_ff": 24, "num_layers": 1,
    ],
    "bart": [
      "model_type": "bart", "is_encoder_decoder": true, "d_model": 16, "encoder_layers": 1,
      "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
      "encoder_ffn_dim": 24, "decoder_ffn_dim": 24, "max_position_embeddings": 16,
    ],
  ]

  static func settings(_ steps: Int) -> TrainingSettings {
    var settings = TrainingSettings()
    (settings.steps, settings.batch, settings.context) = (steps, 6, 12)
    (settings.rate, settings.warmup, settings.dropout) = (0.02, 4, 0.1)
    return settings
  }

  /// A run on a text, or on words and their reverse.
  static func trainer(
    _ name: String, _ settings: TrainingSettings, resuming folder: String? = nil
  ) throws -> Trainer {
    let shape = try #require(shapes[name])
    let kind = try Blueprint(SpecialTokens.shapeOnly(shape), path: name).shape.kind
    let special = SpecialTokens(kind)
    let text = String(repeating: "one two three four five six. ", count: 40)
    let learned = try BytePairTraining(specialTokens: special.tokens, vocabulary: 280)
      .learn(from: [text])
    let file = learned.tokenizerFile(
      specialTokens: special.tokens.count, before: special.before, after: special.after)
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    let config = special.completing(shape, vocabulary: learned.tokens.count)
    let model = try Blueprint(config, path: name).shape
    let lines = ["one two\ttwo one", "three four five\tfive four three", "six\tsix", "one\tone"]
    let corpus =
      kind == .seq2seq
      ? try Corpus(
        pairs: lines.joined(separator: "\n"), path: "pairs", tokenizer: tokenizer, most: 12,
        validation: 0.3)
      : try Corpus(text: text, tokenizer: tokenizer, validation: 0.2)
    let batches = Batches(
      corpus, try #require(SpecialTokens.objective(model, tokenizer)), context: settings.context,
      vocabulary: model.vocabulary, seed: 0)
    #expect(batches.problem == nil)
    let end = special.end.flatMap(tokenizer.id)
    if let folder {
      return try Trainer(resuming: folder, endToken: end, batches, settings)
    }
    return try Trainer(config, tokenizer: file, endToken: end, batches, settings)
  }

  @Test(arguments: [
    "gpt2", "llama", "gpt_neox", "bert", "modernbert", "vaswani", "t5", "bart",
  ])
  func everyKindLearnsAndIsRead(name: String) throws {
    try withTemporaryFolder { folder in
      var trainer = try Self.trainer(name, Self.settings(60))
      for _ in 0..<60 { try trainer.learn() }
      try trainer.look()
      let losses = trainer.log.steps.map(\.loss)
      let (first, last) = (losses.prefix(5).reduce(0, +) / 5, losses.suffix(5).reduce(0, +) / 5)
      #expect(last < 0.6 * first, "\(first) to \(last)")
      #expect(trainer.log.looks.count == 1)
      try trainer.save(to: folder + "/model")
      let model = try Model(folder: folder + "/model", name: name)
      var pass = Pass(recording: .nothing)
      let ids = try model.tokenizer.encode("one two three").ids
      if model.configuration.kind == .seq2seq {
        try model.transformer.read(ids, &pass)
        let start = try #require(model.configuration.startToken)
        #expect(
          try model.transformer([start], &pass)?.shape == [1, model.configuration.vocabulary])
      } else {
        #expect(try model.transformer(ids, &pass)?.rows == ids.count)
      }
    }
  }

  @Test(arguments: ["gpt2", "bert", "vaswani"])
  func aRunThatIsTakenUpIsTheSameRun(name: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/half"
      let watched = name == "vaswani" ? nil : WatchedText("a b", ids: [9, 7, 8])
      var whole = try Self.trainer(name, Self.settings(8))
      try whole.begin(watching: watched)
      for _ in 0..<8 { try whole.learn() }
      try whole.save(to: folder + "/whole")
      var half = try Self.trainer(name, Self.settings(8))
      try half.begin(watching: watched)
      for _ in 0..<5 { try half.learn() }
      try half.save(to: path)
      // What was made after the checkpoint is lost, as after a kill.
      try half.learn()
      #expect(try Trainer.settings(of: path) == Self.settings(8))
      var rest = try Self.trainer(name, try Trainer.settings(of: path), resuming: path)
      #expect(rest.step == 5)
      for _ in 0..<3 { try rest.learn() }
      try rest.save(to: path)
      for file in ["model.safetensors", "training.safetensors", "learning.json", "config.json"] {
        #expect(
          try readFile("\(path)/\(file)") == readFile("\(folder)/whole/\(file)"), "\(file)")
      }
    }
  }

  @Test func anotherTextIsRefused() throws {
    try withTemporaryFolder { folder in
      let trainer = try Self.trainer("gpt2", Self.settings(8))
      try trainer.save(to: folder + "/run")
      let batches = Batches(
        .text(tokens: Array(repeating: 5, count: 90), kept: []), .nextToken, context: 12,
        vocabulary: 280, seed: 0)
      #expect(throws: FileError.self) {
        try Trainer(
          resuming: folder + "/run", endToken: 0, batches, Self.settings(8))
      }
    }
  }

  @Test func brokenRunsAreErrors() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/run"
      try Self.trainer("gpt2", Self.settings(8)).save(to: path)
      let bytes = try readFile(path + "/training.safetensors")
      try writeFile(path + "/training.safetensors", Array(bytes.dropLast(7)))
      #expect(throws: FileError.self) {
        try Self.trainer("gpt2", Self.settings(8), resuming: path)
      }
      #expect(throws: FileError.self) { try Trainer.settings(of: path) }
      try writeFile(
        path + "/training.safetensors", try readFile(path + "/model.safetensors"))
      #expect(throws: FileError.self) { try Trainer.settings(of: path) }
    }
  }
}
