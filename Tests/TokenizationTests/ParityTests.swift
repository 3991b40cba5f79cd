import Files
import TestSupport
import Testing
import Tokenization

/// Compares a tokenizer with what the reference implementation gives for awkward texts.
enum Expectations {
  /// Checks every row and every pair of an `expected.json`; reports the first few differences.
  static func check(_ tokenizer: Tokenizer, _ expected: JSON, name: String) throws {
    var differences: [String] = []
    let rows = try #require(expected["rows"]?.elements)
    for row in rows {
      let text = try #require(row["text"]?.string)
      let encoding = try tokenizer.encode(text)
      if let difference = compare(encoding, row)
        ?? compareText(tokenizer.decode(encoding.ids), row["decoded"]?.string)
      {
        differences.append("\(text.debugDescription): \(difference)")
      }
    }
    for row in try #require(expected["pairs"]?.elements) {
      let text = try #require(row["text"]?.string)
      let pair = try #require(row["text_pair"]?.string)
      let encoding = try tokenizer.encode(text, pair: pair)
      if let difference = compare(encoding, row) {
        differences.append("\(text.debugDescription), \(pair.debugDescription): \(difference)")
      }
    }
    #expect(!rows.isEmpty)
    #expect(
      differences.isEmpty,
      "\(name): \(differences.count) differ\n\(differences.prefix(8).joined(separator: "\n"))")
  }

  private static func compare(_ encoding: Encoding, _ row: JSON) -> String? {
    let ids = row["ids"]?.elements?.compactMap(\.integer)
    guard encoding.ids == ids else { return "ids \(encoding.ids), expected \(ids ?? [])" }
    let offsets = row["offsets"]?.elements?.compactMap(\.integer)
    let ours = encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] }
    guard ours == offsets else { return "offsets \(ours), expected \(offsets ?? [])" }
    if let special = row["special"]?.string {  // pairs have type ids instead
      let ours = encoding.isSpecial.map { $0 ? "1" : "0" }.joined()
      guard ours == special else { return "special \(ours), expected \(special)" }
    }
    if let types = row["type_ids"]?.elements?.compactMap(\.integer) {
      guard encoding.typeIDs == types else { return "types \(encoding.typeIDs), not \(types)" }
    }
    return nil
  }

  private static func compareText(_ text: String, _ expected: String?) -> String? {
    guard let expected, !bytesEqual(text, expected) else { return nil }
    return "decoded \(text.debugDescription), expected \(expected.debugDescription)"
  }
}

@Suite struct ParityTests {
  /// One tokenizer of each kind, with a few awkward rows: Tests/Fixtures/tokenizers.
  static let kinds = ["bert_uncased", "clip", "gpt2", "llama_spm", "qwen2", "roberta", "xlmr"]

  /// The tokenizers of the parity set: every kind of part, made by the reference implementation.
  static let names = [
    "albert", "bert_cased", "bert_uncased", "clip", "deberta", "falconlike", "gemma", "gpt2",
    "llama3", "llama_spm", "llama_spm_new", "marian", "modernbert", "mpnet", "neox", "opt",
    "qwen2", "roberta", "smollm", "t5", "t5_full", "wordlevel", "xlmr",
  ]

  @Test(arguments: kinds)
  func agreesWithReferenceInBrief(_ name: String) throws {
    try Expectations.check(Samples.tokenizer(name), Samples.expected(name), name: name)
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"), arguments: names)
  func agreesWithReference(_ name: String) throws {
    let folder = try #require(Fixtures.parity) + "/tokenizers/" + name
    try Expectations.check(
      Tokenizer.load(folder: folder), Fixtures.json(folder + "/expected.json"), name: name)
  }
}
