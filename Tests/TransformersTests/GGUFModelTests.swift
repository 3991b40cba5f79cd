import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Models in GGUF files against the same models in folders.
@Suite struct GGUFModelTests {
  static let folder = Fixtures.folder + "/models/llama"
  static let text = "The cat didn't cross the river."

  /// The hub's names of the tensors.
  static let names = [
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
  ]

  /// The hub's name of a tensor.
  static func hubName(_ name: String) throws -> String {
    let parts = name.split(separator: ".").map(String.init)
    let ours = try #require(names[parts[parts.count - 2]])
    return (parts.count == 4 ? "model.layers.\(parts[1])." : "") + ours + ".weight"
  }

  /// Rows of q or k in the order in which GGUF files have them: of each head the first of both
  /// halves, then the second of both, ….
  static func interleaved(_ tensor: Tensor, heads: Int) -> Tensor {
    let size = tensor.rows / heads
    let places = (0..<tensor.rows).map { row in
      let place = row % size
      return row - place + place % 2 * (size / 2) + place / 2
    }
    return tensor.gatheringRows(places)
  }

  /// Heads of a tensor whose rows alternate.
  static func heads(_ name: String) -> Int? {
    name.contains("attn_q") ? 4 : name.contains("attn_k") ? 2 : nil
  }

  /// The committed model as a GGUF file of 32-bit numbers.
  static func builder() throws -> GGUFBuilder {
    let weights = try SafeTensors(folder + "/model.safetensors")
    let fixture = try GGUF(Fixtures.folder + "/gguf/llama.gguf")
    var file = GGUFBuilder()
    for (key, value) in fixture.metadata {
      switch value {
      case .string(let text): file.set(key, .text(text))
      case .unsigned(let number): file.set(key, .integer(Int(number)))
      case .number(let number): file.set(key, .number(Float(number)))
      case .list(let list):
        if let words = try list.strings() {
          file.set(key, .list(8, words.map { .text($0) }))
        } else if let numbers = list.numbers() {
          file.set(key, .list(6, numbers.map { .number(Float($0)) }))
        } else {
          file.set(key, .list(4, (list.integers() ?? []).map { .integer($0) }))
        }
      default: Issue.record("\(key)")
      }
    }
    for entry in fixture.entries {
      let tensor = try #require(try weights.tensor(try hubName(entry.name)))
      let stored = heads(entry.name).map { interleaved(tensor, heads: $0) } ?? tensor
      file.add(entry.name, stored.shape, stored.numbers)
    }
    return file
  }

  /// Calls `body` with the model that a builder describes.
  static func with<Result>(
    _ builder: GGUFBuilder, _ body: (Model) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/m.gguf", builder.bytes)
      return try body(try Model(gguf: folder + "/m.gguf", name: "m"))
    }
  }

  static func model() throws -> Model { try Model(folder: folder, name: "llama") }

  /// Twelve tokens with the cache, so that most products are of one row.
  static func greedy(_ model: Model) throws -> [Int] {
    var pass = Pass(recording: .nothing)
    let ids = try model.tokenizer.encode(text).ids
    return try model.generate(after: ids, .greedy(count: 12, ignoresEnd: true), &pass).ids
  }

  /// Whether two runs recorded the same, but for rounding.
  static func compare(_ found: Run, _ expected: Run) throws {
    #expect(found.encoding == expected.encoding)
    #expect(found.trace.tensors.count == expected.trace.tensors.count)
    for (site, tensor) in expected.trace.tensors {
      let other = try #require(found.trace.tensors[site])
      #expect(other.shape == tensor.shape)
      let size = tensor.numbers.reduce(1) { max($0, abs($1)) }
      let worst = zip(other.numbers, tensor.numbers).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= 1e-5 * size, "\(site): \(worst)")
    }
  }

  @Test func theSameParametersGiveTheSameTrace() throws {
    let expected = try Self.model()
    try Self.with(try Self.builder()) { model in
      #expect(model.configuration == expected.configuration)
      #expect(model.endTokens == [2] && model.chatTemplate == "{{ messages }}")
      for text in [Self.text, "naïve 東京 🙂", "a"] {
        try Self.compare(try model.run(text), try expected.run(text))
      }
    }
  }

  /// A quantised model is the model with the numbers that its blocks stand for.
  @Test func quantisedParametersAreUsedAsTheyAre() throws {
    let path = Fixtures.folder + "/gguf/llama.gguf"
    let file = try GGUF(path)
    try withTemporaryFolder { folder in
      let arrays = try file.entries.map { entry in
        var tensor = try #require(try file.tensor(entry.name))
        if let heads = Self.heads(entry.name) {
          let size = tensor.rows / heads
          let places = (0..<tensor.rows).map { row in
            row / size * size + row % size % (size / 2) * 2 + row % size / (size / 2)
          }
          tensor = tensor.gatheringRows(places)
        }
        return (name: try Self.hubName(entry.name), content: Archive.Content.floats(tensor))
      }
      let output = try OutputFile(folder + "/model.safetensors")
      try Archive(arrays).writeSafeTensors { try output.write($0) }
      try output.commit()
      for name in ["config.json", "tokenizer.json"] {
        try writeFile(folder + "/" + name, try readFile(Self.folder + "/" + name))
      }
      let expected = try Model(folder: folder, name: "wide")
      let model = try Model(gguf: path, name: "narrow")
      for text in [Self.text, "naïve 東京 🙂", "a"] {
        try Self.compare(try model.run(text), try expected.run(text))
      }
      #expect(try Self.greedy(model) == Self.greedy(expected))
      let half = model.transformer.outputProjection(layer: 1, head: 1)
      #expect(half.row(3) == expected.transformer.outputProjection(layer: 1, head: 1).row(3))
    }
  }

  @Test func aHeadThatIsNotThereIsTheEmbedding() throws {
    var file = try Self.builder()
    file.tensors.removeAll { $0.name == "output.weight" }
    try Self.with(file) { model in
      #expect(model.configuration.isHeadTied)
      let run = try model.run("a")
      let hidden = try #require(run.trace[.finalHidden])
      let words = try #require(try model.checkpoint.tensor("token_embd.weight"))
      let logits = try #require(run.trace[.logits])
      let product = hidden.times(Matrix(words))
      for (a, b) in zip(logits.numbers, product.numbers) { #expect(abs(a - b) < 1e-4) }
    }
  }

  /// Divisors of the frequencies: all 2 is what linear scaling by 2 is, and 1 is nothing.
  @Test func frequenciesAreDivided() throws {
    var divided = try Self.builder()
    divided.add("rope_freqs.weight", [4], [2, 2, 2, 2])
    var scaled = try Self.builder()
    scaled.set("llama.rope.scaling.type", .text("linear"))
    scaled.set("llama.rope.scaling.factor", .number(2))
    var whole = try Self.builder()
    whole.add("rope_freqs.weight", [4], [1, 1, 1, 1])
    let expected = try Self.model().run(Self.text)
    let (one, two) = try (
      Self.with(divided) { try $0.run(Self.text) }, Self.with(scaled) { try $0.run(Self.text) }
    )
    try Self.compare(one, two)
    try Self.compare(try Self.with(whole) { try $0.run(Self.text) }, expected)
    // Position 2 is turned as position 1 was.
    let (q, half) = (expected.trace[.key, layer: 0], one.trace[.key, layer: 0])
    #expect(q != half)
    divided.tensors[divided.tensors.count - 1].extents = [2]
    divided.tensors[divided.tensors.count - 1].data.removeLast(8)
    #expect(throws: FileError.self) { try Self.with(divided) { _ in } }
  }

  /// What is wrong with a file, and a word of the message.
  static let faults: [(word: String, change: @Sendable (inout GGUFBuilder) -> Void)] = [
    ("general.architecture", { $0.set("general.architecture", nil) }),
    ("known: gemma2, gpt2, llama, qwen2", { $0.set("general.architecture", .text("mamba")) }),
    ("llama.block_count", { $0.set("llama.block_count", nil) }),
    ("llama.block_count", { $0.set("llama.block_count", .integer(0)) }),
    ("llama.block_count", { $0.set("llama.block_count", .text("2")) }),
    ("missing", { $0.set("llama.block_count", .integer(3)) }),
    ("llama.embedding_length", { $0.set("llama.embedding_length", nil) }),
    ("shape", { $0.set("llama.embedding_length", .integer(64)) }),
    ("llama.rope.dimension_count", { $0.set("llama.rope.dimension_count", .integer(4)) }),
    ("llama.attention.value_length", { $0.set("llama.attention.value_length", .integer(4)) }),
    ("llama.rope.freq_base", { $0.set("llama.rope.freq_base", .number(.nan)) }),
    ("yarn", { $0.set("llama.rope.scaling.type", .text("yarn")) }),
    ("llama.expert_count", { $0.set("llama.expert_count", .integer(8)) }),
    ("sliding_window", { $0.set("llama.attention.sliding_window", .integer(16)) }),
    ("llama.logit_scale", { $0.set("llama.logit_scale", .number(2)) }),
    ("parts", { $0.set("split.count", .integer(2)) }),
    (
      "blk.0.attn_q_norm.weight",
      { $0.add("blk.0.attn_q_norm.weight", [8], .init(repeating: 1, count: 8)) }
    ),
    ("tokenizer.ggml.model", { $0.set("tokenizer.ggml.model", nil) }),
    ("tokenizer.ggml.tokens", { $0.set("tokenizer.ggml.tokens", .list(4, [.integer(1)])) }),
    ("tokenizer.ggml.scores", { $0.set("tokenizer.ggml.scores", .list(0, [.init(0, [1])])) }),
    ("token_type", { $0.set("tokenizer.ggml.token_type", .list(4, [.integer(99)])) }),
    ("add_bos_token", { $0.set("tokenizer.ggml.add_bos_token", .integer(1)) }),
  ]

  @Test(arguments: faults.indices)
  func saysWhatIsWrong(fault: Int) throws {
    var file = try Self.builder()
    Self.faults[fault].change(&file)
    let error = #expect(throws: FileError.self) { try Self.with(file) { _ in } }
    #expect(error?.kind == .badData)
    #expect(error?.fact.contains(Self.faults[fault].word) == true, "\(error?.fact ?? "")")
  }

  /// A whole `tokenizer.json` goes before the lists, and counts may be there for every layer.
  @Test func otherWaysToSayTheSame() throws {
    var file = try Self.builder()
    let json = try readFile(Self.folder + "/tokenizer.json")
    file.set("tokenizer.huggingface.json", .text(String(decoding: json, as: UTF8.self)))
    file.set("tokenizer.ggml.tokens", nil)
    file.set("llama.attention.head_count_kv", .list(4, [.integer(2), .integer(2)]))
    file.set("tokenizer.ggml.eot_token_id", .integer(7))
    try Self.with(file) { model in
      #expect(model.configuration.groups == 2 && model.endTokens == [2, 7])
      try Self.compare(try model.run(Self.text), try Self.model().run(Self.text))
    }
  }
}
