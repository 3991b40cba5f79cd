public import Files
internal import Tensors
internal import Tokenization
internal import Transformers

/// Why a reward is learned: what overlap with a reference says of texts that a model wrote, and of
/// texts without sense that are made of the reference's own words.
public struct OverlapGame: Sendable, Equatable {
  /// What a text is.
  public enum Kind: String, Sendable, CaseIterable {
    /// The reference: a continuation that the model wrote.
    case reference
    /// Another continuation that the model wrote.
    case written
    /// The reference's words in a random order.
    case shuffled
    /// Runs of four words of the reference, the last one first.
    case turned
    /// The first half of the reference, twice.
    case repeated
    /// The commonest word of the reference, as often as it has words.
    case oneWord

    /// What it is, in words.
    public var words: String {
      switch self {
      case .reference: "the reference itself"
      case .written: "another text of the model"
      case .shuffled: "its words, shuffled"
      case .turned: "its runs of four words, turned round"
      case .repeated: "its first half, twice"
      case .oneWord: "its commonest word, repeated"
      }
    }
  }

  /// A text and what is said of it, or the means of many.
  public struct Row: Sendable, Equatable {
    /// What it is.
    public var kind: Kind
    /// The text; that of the first prompt where it stands for many.
    public var text: String
    /// The share of its words that the reference has.
    public var precision: Double
    /// BLEU with runs of one to four words.
    public var bleu: Double
    /// ROUGE-L.
    public var rouge: Double
    /// The model's mean −ln p of its tokens, in nats.
    public var surprise: Double
  }

  /// The prompts that were played.
  public var prompts = 0
  /// What the first example continues.
  public var example = ""
  /// The means over the prompts, in the order of the kinds.
  public var rows: [Row] = []
  /// In what share of the prompts texts without sense have a larger BLEU than another text of the
  /// model, by their kind.
  public var wins: [Kind: Double] = [:]

  /// The fewest words of a reference.
  private static let least = 8

  /// Plays with a model's own continuations.
  ///
  /// - Throws: `ModelError` where it writes no text that is long enough.
  public init(
    _ start: StartingModel, after prompts: [AlignmentPrompt], length: Int, seed: Int
  ) throws {
    let model = try start.transformer()
    let key = Learner.mix([UInt64(bitPattern: Int64(seed)), 0x4F56_4552])
    let writer = ContinuationWriter(model, ends: start.ends, most: length, seed: key)
    let texts = try writer(prompts.flatMap { [$0.ids, $0.ids] }).map {
      PreferenceRule.words(of: start.words(of: $0))
    }
    var random = RandomNumbers(seed: Learner.mix([key, 1]))
    var played: [[Row]] = []
    for (place, prompt) in prompts.enumerated() {
      let (reference, other) = (texts[2 * place], texts[2 * place + 1])
      guard reference.count >= Self.least, !other.isEmpty else { continue }
      if played.isEmpty { example = prompt.text }
      played.append(
        try Kind.allCases.map { kind in
          let words = Self.words(kind, reference, other, &random)
          let ids = try start.tokenizer.encode(
            " " + words.joined(separator: " "), addSpecialTokens: false
          ).ids
          return Row(
            kind: kind, text: words.joined(separator: " "),
            precision: TextOverlap.plainPrecision(words, [reference]),
            bleu: TextOverlap.bleu(words, [reference]),
            rouge: TextOverlap.rougeL(words, reference),
            surprise: try Self.surprise(model, of: ids, after: prompt.ids))
        })
    }
    guard !played.isEmpty else {
      throw ModelError(
        .badText, "\(start.name) writes no text of \(Self.least) words; allow more with --length")
    }
    self.prompts = played.count
    summarise(played)
  }

  private mutating func summarise(_ played: [[Row]]) {
    func mean(_ path: KeyPath<Row, Double>, _ place: Int) -> Double {
      played.reduce(0) { $0 + $1[place][keyPath: path] } / Double(played.count)
    }
    rows = Kind.allCases.enumerated().map { place, kind in
      Row(
        kind: kind, text: played[0][place].text, precision: mean(\.precision, place),
        bleu: mean(\.bleu, place), rouge: mean(\.rouge, place), surprise: mean(\.surprise, place))
    }
    for (place, kind) in Kind.allCases.enumerated() where place > 1 {
      let won = played.count { $0[place].bleu > $0[1].bleu }
      wins[kind] = Double(won) / Double(played.count)
    }
  }

  /// The words of a kind of text.
  private static func words(
    _ kind: Kind, _ reference: [String], _ other: [String], _ random: inout RandomNumbers
  ) -> [String] {
    switch kind {
    case .reference: return reference
    case .written: return other
    case .shuffled:
      var words = reference
      for place in stride(from: words.count - 1, to: 0, by: -1) {
        words.swapAt(place, Int(random.uniform() * Double(place + 1)))
      }
      return words
    case .turned:
      return stride(from: 0, to: reference.count, by: 4).reversed().flatMap {
        reference[$0..<min($0 + 4, reference.count)]
      }
    case .repeated:
      let half = Array(reference.prefix((reference.count + 1) / 2))
      return Array((half + half).prefix(reference.count))
    case .oneWord:
      let counts = reference.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      // Of equally common ones the first in the alphabet.
      let word = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? ""
      return Array(repeating: word, count: reference.count)
    }
  }

  /// The mean −ln p of tokens after others.
  private static func surprise(
    _ model: Transformer, of ids: [Int], after prompt: [Int]
  ) throws -> Double {
    let all = Array((prompt + ids).prefix(model.configuration.maximumTokens))
    var pass = Pass(recording: .nothing, logits: .all)
    guard let logits = try model(Array(all.dropLast()), &pass) else { return .nan }
    let rows = prompt.count..<all.count
    let sum = logits.withNumbers { numbers in
      rows.reduce(0.0) { sum, place in
        let row = UnsafeBufferPointer(
          rebasing: numbers[(place - 1) * logits.width..<place * logits.width])
        return sum + Divergence.logPartition(row) - Double(row[all[place]])
      }
    }
    return sum / Double(max(rows.count, 1))
  }

  /// The result as JSON.
  public var json: JSON {
    [
      "schema": "attnviz.overlap/1", "prompts": .integer(prompts), "example": .string(example),
      "rows": .array(
        rows.map { row in
          [
            "kind": .string(row.kind.rawValue), "text": .string(row.text),
            "plain_precision": .number(row.precision), "bleu": .number(row.bleu),
            "rouge_l": .number(row.rouge), "surprise": .number(row.surprise),
            "beats_written_by_bleu": wins[row.kind].map(JSON.number) ?? .null,
          ]
        }),
    ]
  }
}
