import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Every recorded tensor against what the reference implementation computed.
@Suite struct ParityTests {
  static let names = ["bert", "bert_base_model", "distilbert", "roberta", "gpt2", "llama"]

  /// The models of the shared set alone: small ones of these families are among the fixtures of
  /// `FamilyTests`.
  static let further = [
    "smollm2", "llama_rope_linear", "llama3_rope_scaling", "mistral", "qwen2", "qwen3", "gemma2",
    "gemma3_text", "phi", "phi3", "olmo2", "gpt_neo", "gpt_neox", "opt", "albert", "electra",
    "mpnet", "modernbert", "deberta_v2",
  ]

  /// Those that write a target; small ones are among the fixtures of `EncoderDecoderTests`.
  static let encoderDecoders = ["vaswani", "t5", "flan_t5", "bart", "marian"]

  /// The same models with other names, types and configurations.
  static let containers = [
    "bert_legacy_names", "gpt2_hub_names", "bert_minimal_config", "llama_minimal_config",
    "llama_v5_config", "llama_f16", "llama_bf16", "llama_oddities", "llama_sharded", "gpt2_bin",
  ]

  /// The committed models: small, with random parameters, made for these tests.
  @Test(arguments: names)
  func committed(name: String) throws {
    let folder = Fixtures.folder + "/models/" + name
    try compare(folder: folder, name: name)
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: names + containers + further + encoderDecoders)
  func shared(name: String) throws {
    let root = try #require(Fixtures.parity)
    let folder = root + (Self.containers.contains(name) ? "/containers/" : "/models/") + name
    try compare(folder: folder, name: name)
  }

  /// GGUF files of every kind of block.
  static let gguf = [
    "llama_F32", "llama_F16", "llama_BF16", "llama_Q4_0", "llama_Q4_1", "llama_Q5_0", "llama_Q5_1",
    "llama_Q8_0", "llama_k_Q2_K", "llama_k_Q3_K", "llama_k_Q4_K", "llama_k_Q4_K_M", "llama_k_Q5_K",
    "llama_k_Q6_K", "llama_spm_F16", "llama3_rope_freqs_F32", "gpt2_F32",
  ]

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"), arguments: gguf)
  func sharedGGUF(name: String) throws {
    let path = try #require(Fixtures.parity) + "/gguf/" + name
    let model = try Model(gguf: path + ".gguf", name: name)
    try compare(model, expected: path + ".expected.json")
    for row in try Fixtures.json(path + ".expected.json")["tokenize_only"]?.members ?? [] {
      let text = try #require(row.value["text"]?.string)
      let ids = row.value["ids"]?.elements?.compactMap(\.integer)
      #expect(try model.tokenizer.encode(text).ids == ids, "\(row.key)")
    }
  }

  /// The real decoder, when it was fetched.
  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    .enabled(
      if: ModelStore().stored("smollm2") != nil,
      "smollm2 is not stored: attnviz models add smollm2"))
  func realDecoder() throws {
    let root = try #require(Fixtures.parity) + "/real"
    let model = try Model(try #require(ModelStore().stored("smollm2")))
    try compare(model, expected: root + "/smollm2.expected.json")
    #expect(model.endTokens == [2] && model.chatTemplate?.contains("<|im_start|>") == true)
    for row in try Fixtures.json(root + "/smollm2.tokens.json")["rows"]?.elements ?? [] {
      let encoding = try model.tokenizer.encode(try #require(row["text"]?.string))
      #expect(encoding.ids == row["ids"]?.elements?.compactMap(\.integer))
      let offsets = encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] }
      #expect(offsets == row["offsets"]?.elements?.compactMap(\.integer))
    }
    let run = try model.run("The capital of France is")
    let logits = try #require(run.trace[.logits])
    let last = logits.slice(logits.rows - 1).softmax().numbers
    #expect(abs(last[try #require(model.tokenizer.id("ĠParis"))] - 0.773) < 5e-4)
  }

  /// The real sentence encoder, when it was fetched.
  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    .enabled(
      if: ModelStore().stored("minilm") != nil, "minilm is not stored: attnviz models add minilm"))
  func real() throws {
    let root = try #require(Fixtures.parity) + "/real"
    let folder = try #require(ModelStore().stored("minilm")).folder
    try compare(folder: folder, name: "minilm", expected: root + "/minilm.expected.json")
  }

  private func compare(folder: String, name: String, expected: String? = nil) throws {
    try compare(
      try Model(folder: folder, name: name), expected: expected ?? folder + "/expected.json")
  }

  private func compare(_ model: Model, expected path: String) throws {
    let cases = try #require(try Fixtures.json(path)["cases"]?.members)
    #expect(!cases.isEmpty)
    for member in cases {
      let results = path.split(separator: "/").dropLast().joined(separator: "/")
      let reference = try Reference(folder: "/" + results, case: member.key, member.value)
      let run = try model.run(
        reference.text, pair: reference.pair, target: .greedy(count: 12, ignoresEnd: true))
      #expect(run.encoding.ids == reference.ids, "\(member.key)")
      let target = member.value["decoder_input_ids"]?.elements?.compactMap(\.integer)
      #expect(run.target?.encoding.ids == target, "\(member.key)")
      try reference.check(run)
    }
  }
}

/// The stored results of one case.
private struct Reference {
  let text: String
  let pair: String?
  let ids: [Int]
  let label: String
  let file: SafeTensors

  init(folder: String, case name: String, _ json: JSON) throws {
    text = try #require(json["text"]?.string)
    pair = json["text_pair"]?.string
    ids = try #require(json["ids"]?.elements).compactMap(\.integer)
    label = name
    file = try SafeTensors(folder + "/" + (try #require(json["file"]?.string)))
  }

  /// Compares every stored tensor with the run's, with the set's tolerances.
  func check(_ run: Run) throws {
    let sites = Dictionary(
      uniqueKeysWithValues: run.trace.tensors.map { ($0.key.description, $0.value) })
    for entry in file.entries
    where !entry.name.hasSuffix(".mask") && !["ids", "decoder_ids"].contains(entry.name) {
      guard let expected = try file.tensor(entry.name) else { continue }
      let found = try #require(
        counterpart(of: entry, in: sites), "\(label): \(entry.name) is not recorded")
      #expect(found.shape == expected.shape, "\(label): \(entry.name)")
      let allowed = mask(for: entry.name)
      let size = expected.numbers.reduce(1) { max($0, abs($1)) }
      let tolerance: Float = entry.name.hasSuffix(".weights") ? 1e-5 : 1e-4 * size
      let m = expected.width
      for (place, (a, b)) in zip(found.numbers, expected.numbers).enumerated() {
        let isScore = entry.name.contains(".scores")
        if isScore, let allowed, allowed[place % allowed.count] == 0 { continue }
        guard abs(a - b) <= tolerance else {
          Issue.record("\(label): \(entry.name) row \(place / m) is \(a), not \(b)")
          return
        }
      }
    }
    // Nothing is masked in an encoder that has a decoder, nor in attention over a source.
    for entry in file.entries
    where entry.name.hasSuffix(".mask") && !entry.name.hasPrefix("encoder.")
      && !entry.name.contains("cross_attention")
    {
      let layer = try #require(entry.name.split(separator: ".").compactMap { Int($0) }.first)
      let allowed = try #require(file.integers(entry.name))
      let count = run.target?.count ?? ids.count
      for (place, value) in allowed.enumerated() {
        let isAllowed =
          run.trace.masks[layer]?.allows(query: place / count, key: place % count) ?? true
        #expect(isAllowed == (value == 1), "\(label): mask at \(place)")
      }
    }
  }

  /// The run's value for a stored tensor.
  private func counterpart(
    of entry: SafeTensors.Entry, in sites: [String: Tensor]
  ) -> Tensor? {
    if entry.name == "logits_last" {
      return sites["logits"].map { $0.slice($0.rows - 1) }
    }
    // DistilBERT's blocks return their attention weights first; the reference set took these for
    // the output of the layer: [H, n, n] where [n, D] belongs.
    if entry.name.hasSuffix(".output"), entry.shape.count == 3 {
      return sites[entry.name.dropLast("output".count) + "attention.weights"]
    }
    // The reference repeats the scores of cross-attention as products; nothing is added to them.
    if entry.name.hasSuffix("cross_attention.scores_qk") {
      return sites[String(entry.name.dropLast("_qk".count))]
    }
    return sites[entry.name]
  }

  private func mask(for name: String) -> [Int]? {
    file.integers(name.split(separator: ".").dropLast().joined(separator: ".") + ".mask")
  }
}
