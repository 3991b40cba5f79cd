internal import Tensors
public import Transformers

/// How much every token counts for one prediction, by six measures, five of them read off a run and
/// the last measured by running again.
public struct TokenEvidence: Sendable {
  /// A measure of a token.
  public enum Measure: Sendable, CaseIterable {
    /// The weight that the predicting row gives to the token, the mean of all heads of all layers.
    case attention
    /// ‖a v W_O‖ as a share of all that a layer's heads bring to the row, the mean of all layers.
    case lengths
    /// The share of the token in the row of the attention rollout.
    case rollout
    /// Gradient × input, in nats.
    case inputs
    /// Attention × gradient over all layers, heads and queries, in nats.
    case gradients
    /// ln p less ln p without the token's values: measured, in nats.
    case removal

    /// Whether it has a sign; the others are shares.
    public var isSigned: Bool { self == .inputs || self == .gradients || self == .removal }
  }

  /// How far a measure agrees with what removing tokens does. What counts of each number is its
  /// size: attention has no sign.
  public struct Agreement: Sendable, Equatable {
    /// Spearman's ρ over the compared tokens; `nil` where there is none.
    public let correlation: Double?
    /// The same without special tokens and sinks.
    public let ordinary: Double?
    /// Whether the token that counts most is the same.
    public let hasSameTop: Bool
    /// How many tokens have the same sign; `nil` for shares, which have none.
    public let sameSigns: Int?
  }

  /// A head and what switching it off takes away.
  public struct Head: Sendable, Equatable {
    /// The layer.
    public let layer: Int
    /// The head.
    public let head: Int
    /// ln p less ln p without it.
    public let effect: Double
  }

  /// The prediction.
  public let prediction: PredictedToken
  /// The tokens that are compared, in the order of the text.
  public let tokens: [Int]
  /// How many the prediction can see: of a longer text the leading ones are compared.
  public let seen: Int
  /// The special tokens and sinks among those that are compared.
  public let rests: [Int]
  /// The heads that were switched off, the largest effect first.
  public let heads: [Head]
  private let values: [Measure: [Double]]

  /// The most tokens that are compared.
  public static let mostTokens = 60
  /// The most tokens of a text.
  public static let longestText = 512
  /// The rows of the model that heads may cost, about: a head costs as many as the text has tokens.
  private static let rowsForHeads = 20_000

  /// The numbers of the compared tokens, in their order.
  public subscript(measure: Measure) -> [Double] { values[measure] ?? [] }

  /// Measures.
  ///
  /// - Parameters:
  ///   - prediction: The prediction.
  ///   - run: The run, which recorded the weights and values of every layer.
  ///   - transformer: Its model, no encoder–decoder.
  ///   - withHeads: Whether heads are switched off as well.
  ///   - progress: Learns how many of how many parts were taken away; is called from several threads.
  /// - Throws: `ModelError` when the text is too long, the model predicts nothing, or a number is not
  ///   finite.
  public init(
    of prediction: PredictedToken, in run: Run, by transformer: Transformer, withHeads: Bool = true,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws {
    guard run.count <= Self.longestText else {
      throw ModelError(
        .badText,
        "the text has \(run.count) tokens; tokens are taken away one by one of at most "
          + "\(Self.longestText)")
    }
    let seen = Array(0..<(run.configuration.kind == .decoder ? prediction.row + 1 : run.count))
    let attribution = try Attribution(of: prediction, in: run, by: transformer)
    var all = try Self.read(prediction.row, seen, run, transformer, attribution)
    let compared = Self.leading(seen, all)
    all = all.mapValues { numbers in compared.map { numbers[$0] } }
    let places = withHeads ? Self.leading(attribution.heads, tokens: run.count) : []
    let parts =
      compared.map(Removal.Part.token) + places.map { .head(layer: $0.layer, head: $0.head) }
    let effects = try Removal.effects(of: parts, on: prediction, in: run, by: transformer) {
      progress($0, parts.count)
    }
    all[.removal] = Array(effects.prefix(compared.count))
    let sinks = Sinks(run).positions
    self.prediction = prediction
    tokens = compared
    self.seen = seen.count
    rests = compared.filter { run.isSpecial[$0] || sinks.contains($0) }
    heads = zip(places, effects.dropFirst(compared.count))
      .map { Head(layer: $0.layer, head: $0.head, effect: $1) }
      .sorted {
        ($1.effect.magnitude, $0.layer, $0.head) < ($0.effect.magnitude, $1.layer, $1.head)
      }
    values = all
  }

  /// The measures that are read off a run.
  private static func read(
    _ row: Int, _ seen: [Int], _ run: Run, _ transformer: Transformer, _ attribution: Attribution
  ) throws -> [Measure: [Double]] {
    guard let lengths = Contributions(run, of: transformer), let rollout = Rollout(run) else {
      throw run.missing(.weights)
    }
    let sums = attribution.tokens
    return [
      .attention: seen.map { lengths.meanWeight(from: row, to: $0) },
      .lengths: seen.map { lengths.meanShare(from: row, to: $0) },
      .rollout: seen.map { Double(rollout.shares[row, $0]) },
      .inputs: seen.map { attribution.inputs[$0] }, .gradients: seen.map { sums[$0] },
    ]
  }

  /// How far a measure agrees with the effect of removing.
  public func agreement(of measure: Measure) -> Agreement {
    let (own, effects) = (self[measure], self[.removal])
    let ordinary = tokens.indices.filter { !rests.contains(tokens[$0]) }
    func correlation(_ places: [Int]) -> Double? {
      RankCorrelation.spearman(
        places.map { own[$0].magnitude }, places.map { effects[$0].magnitude })
    }
    return Agreement(
      correlation: correlation(Array(tokens.indices)), ordinary: correlation(ordinary),
      hasSameTop: top(of: measure) == top(of: .removal),
      sameSigns: measure.isSigned
        ? tokens.indices.count { own[$0] * effects[$0] > 0 || own[$0] == effects[$0] } : nil)
  }

  /// The token that counts most by a measure, the first among equals; by its position in the text.
  public func top(of measure: Measure) -> Int? {
    let numbers = self[measure]
    return numbers.indices.max { a, b in
      (numbers[a].magnitude, b) < (numbers[b].magnitude, a)
    }.map { tokens[$0] }
  }

  /// Of more tokens than are compared, those that are largest in some measure, as a part of the
  /// largest in it.
  private static func leading(_ seen: [Int], _ values: [Measure: [Double]]) -> [Int] {
    guard seen.count > mostTokens else { return seen }
    let tops = values.mapValues { numbers in numbers.reduce(0) { max($0, $1.magnitude) } }
    let weights = seen.map { token in
      values.reduce(0.0) { best, measure in
        let top = tops[measure.key] ?? 0
        return top > 0 ? max(best, measure.value[token].magnitude / top) : best
      }
    }
    return Array(seen.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(mostTokens)).sorted()
  }

  /// The heads that are switched off: all, or of more than the text's length allows those whose effect
  /// is largest to first order.
  private static func leading(
    _ heads: [[Double]], tokens: Int
  ) -> [(layer: Int, head: Int)] {
    let all = heads.enumerated().flatMap { layer, row in
      row.enumerated().map { (layer: layer, head: $0, size: $1.magnitude) }
    }
    let most = max(24, rowsForHeads / max(tokens, 1))
    guard all.count > most else { return all.map { ($0.layer, $0.head) } }
    return all.sorted { ($1.size, $0.layer, $0.head) < ($0.size, $1.layer, $1.head) }
      .prefix(most).map { ($0.layer, $0.head) }
  }
}

extension Contributions {
  /// The mean of all heads of all layers.
  fileprivate func meanWeight(from query: Int, to key: Int) -> Double {
    mean(query, key) { Double($0.weight) / Double(heads) }
  }

  /// The part that all heads of a layer have together, the mean of all layers.
  fileprivate func meanShare(from query: Int, to key: Int) -> Double {
    mean(query, key) { Double($0.share) }
  }

  private func mean(_ query: Int, _ key: Int, _ part: (Link) -> Double) -> Double {
    let sum = layers.reduce(0.0) { sum, layer in
      (0..<heads).reduce(sum) {
        $0 + part(link(layer: layer, head: $1, query: query, key: key))
      }
    }
    return sum / Double(max(layers.count, 1))
  }
}
