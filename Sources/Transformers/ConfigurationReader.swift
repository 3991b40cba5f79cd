import Files

/// Reads a `config.json` key by key and notes which were read.
///
/// A key that is neither read nor known to be harmless is an error: it may change the
/// mathematics, and a model that is computed wrongly in silence is worse than none.
struct ConfigurationReader {
  let path: String
  private let json: JSON
  /// How a file spells keys that it has another name for.
  private let spelling: [String: String]
  /// What stands before a key in messages: the object that it is in.
  private let place: String
  private var read: Set<String> = []

  init(
    _ json: JSON, path: String, spelling: [String: String] = [:], place: String = ""
  ) throws {
    guard json.members != nil else {
      throw FileError(
        .badData, path,
        place.isEmpty
          ? "is \(json.kind), not an object"
          : "\"\(place.dropLast())\" is \(json.kind), not an object")
    }
    self.json = json
    self.path = path
    self.spelling = spelling
    self.place = place
  }

  /// The value of a key, unless it is absent or null.
  mutating func value(_ key: String) -> JSON? {
    let key = spelling[key] ?? key
    read.insert(key)
    guard let value = json[key], !value.isNull else { return nil }
    return value
  }

  /// Whether a key is there, be it with null.
  func contains(_ key: String) -> Bool {
    json[spelling[key] ?? key] != nil
  }

  /// The reader of an object under a key; the caller finishes it.
  mutating func section(_ key: String) throws -> ConfigurationReader? {
    guard let value = value(key) else { return nil }
    return try ConfigurationReader(value, path: path, place: "\(place)\(key).")
  }

  /// A whole number within a range.
  mutating func integer(
    _ key: String, default standard: Int, in range: ClosedRange<Int> = 1...10_000_000
  ) throws -> Int {
    guard let value = value(key) else { return standard }
    guard let number = value.integer, range.contains(number) else {
      throw failure(key, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A whole number within a range, or nothing where it is null; `standard` where it is absent.
  mutating func optionalInteger(
    _ key: String, default standard: Int? = nil, in range: ClosedRange<Int>
  ) throws -> Int? {
    guard value(key) != nil else { return contains(key) ? nil : standard }
    return try integer(key, default: 0, in: range)
  }

  /// A token of a vocabulary.
  mutating func token(_ key: String, default standard: Int, of vocabulary: Int) throws -> Int {
    let id = try integer(key, default: standard, in: 0...10_000_000)
    guard id < vocabulary else {
      throw failure(key, .integer(id), "a token below \(vocabulary)")
    }
    return id
  }

  /// A positive number.
  mutating func positive(_ key: String, default standard: Double) throws -> Double {
    try optionalPositive(key, default: standard) ?? standard
  }

  /// A positive number, or nothing where it is null; `standard` where it is absent.
  mutating func optionalPositive(
    _ key: String, default standard: Double? = nil
  ) throws -> Double? {
    guard let value = value(key) else { return contains(key) ? nil : standard }
    guard let number = value.number, number > 0, number.isFinite else {
      throw failure(key, value, "a number above 0")
    }
    return number
  }

  /// A list of positive numbers.
  mutating func positives(_ key: String, count: Int) throws -> [Double] {
    let value = value(key) ?? .null
    let numbers = (value.elements ?? []).compactMap(\.number).filter { $0 > 0 && $0.isFinite }
    guard numbers.count == count, value.elements?.count == count else {
      throw failure(key, value, "a list of \(count) numbers above 0")
    }
    return numbers
  }

  /// A choice for every layer, by one of the words that stand for them; nothing where it is null or
  /// absent.
  mutating func layers<Choice>(
    _ key: String, count: Int, among choices: [(word: String, choice: Choice)]
  ) throws -> [Choice]? {
    guard let value = value(key) else { return nil }
    let found = (value.elements ?? []).compactMap { word in
      choices.first { .string($0.word) == word }?.choice
    }
    guard found.count == count, value.elements?.count == count else {
      throw failure(
        key, value,
        "\(count) words of \(choices.map(\.word).joined(separator: ", "))")
    }
    return found
  }

  /// A boolean.
  mutating func flag(_ key: String, default standard: Bool) throws -> Bool {
    guard let value = value(key) else { return standard }
    guard let flag = value.bool else { throw failure(key, value, "true or false") }
    return flag
  }

  /// One of the words that stand for a choice.
  mutating func choice<Choice>(
    _ key: String, default standard: Choice, among choices: [(word: String, choice: Choice)]
  ) throws -> Choice {
    guard let value = value(key) else { return standard }
    guard let found = choices.first(where: { .string($0.word) == value }) else {
      throw failure(key, value, choices.map(\.word).joined(separator: ", "))
    }
    return found.choice
  }

  /// Accepts a key only with the value that the engine computes with.
  mutating func require(_ key: String, _ expected: JSON) throws {
    guard let value = value(key), value != expected else { return }
    throw failure(key, value, expected.text())
  }

  /// Refuses keys that nobody read and nobody knows to be harmless.
  func finish(harmless: Set<String>) throws {
    for member in json.members ?? [] where !isHarmless(member, harmless) {
      throw FileError(
        .badData, path,
        "\"\(place)\(member.key.visible)\" is not understood and may change the numbers; known: "
          + read.sorted().joined(separator: ", "))
    }
  }

  private func isHarmless(_ member: JSON.Member, _ harmless: Set<String>) -> Bool {
    let isEmpty =
      member.value.isNull || member.value.elements?.isEmpty == true
      || member.value.members?.isEmpty == true
    return isEmpty || read.contains(member.key) || harmless.contains(member.key)
      || Self.harmless.contains(member.key) || member.key.hasPrefix("_")
      || member.key.hasSuffix("dropout") || member.key.hasSuffix("_pdrop")
      || member.key.hasSuffix("dropout_prob")
  }

  func failure(_ key: String, _ value: JSON, _ known: String) -> FileError {
    let text = value.text()
    let shown = text.count > 60 ? value.kind : text
    return FileError(
      .badData, path, "\"\(place)\(spelling[key] ?? key)\" is \(shown.visible); known: \(known)")
  }

  /// Keys of any model that change no number of a forward pass.
  private static let harmless: Set<String> = [
    "architectures", "attn_implementation", "auto_map",
    "bad_words_ids", "begin_suppress_tokens", "bos_token_id", "chunk_size_feed_forward",
    "cls_token_id", "decoder_start_token_id", "diversity_penalty", "do_sample", "dtype",
    "early_stopping", "encoder_no_repeat_ngram_size", "eos_token_id",
    "exponential_decay_length_penalty", "finetuning_task", "forced_bos_token_id",
    "forced_eos_token_id", "gradient_checkpointing", "id2label",
    "initializer_factor", "initializer_range", "label2id", "language", "length_penalty",
    "mask_token_id", "max_length", "min_length", "model_max_length", "model_type", "name_or_path",
    "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_labels",
    "num_return_sequences", "output_attentions", "output_hidden_states", "output_past",
    "output_scores", "pad_token_id", "prefix", "problem_type", "remove_invalid_values",
    "repetition_penalty", "return_dict", "return_dict_in_generate", "sep_token_id",
    "suppress_tokens", "task_specific_params", "temperature", "tf_legacy_loss", "tokenizer_class",
    "top_k", "top_p", "torch_dtype", "torchscript", "transformers_version", "typical_p",
    "unk_token_id", "use_bfloat16", "use_cache",
  ]
}
