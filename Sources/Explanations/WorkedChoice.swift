internal import Analysis
internal import Figures
internal import Tensors
public import Tokenization
public import Transformers

/// Which head is worked by hand and which pair of tokens is followed, and why.
public struct WorkedChoice: Sendable {
  /// The layer.
  public let layer: Int
  /// The head.
  public let head: Int
  /// The token that looks.
  public let query: Int
  /// The token that is looked at.
  public let key: Int
  let words: String
  let numbers: HandCalculation

  /// How many tokens can be worked by hand.
  public static let tokens = 2...4

  /// Takes the layer and head that are given; what is left open goes to a head whose numbers are easy
  /// to read.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - head: The head.
  ///   - query: The token that looks; found with the key when `nil`.
  ///   - key: The token that is looked at; the one with the largest weight of the row when `nil`.
  ///   - run: A run of two to four tokens that recorded what `HeadCoordinates` needs.
  ///   - transformer: Its model.
  /// - Throws: `ModelError` when there is no such head or token, or no head can be worked by hand.
  public init(
    layer: Int?, head: Int?, query: Int?, key: Int?, _ run: Run, _ transformer: Transformer
  ) throws {
    try Self.check(
      run.encoding, isSole: run.stack == .sole,
      name: run.stack == .decoder ? "the target" : "the text")
    guard run.stack != .cross else {
      throw ModelError(
        .noSuchPlace,
        "worked is for a look at one's own text; add --stack encoder or --stack decoder")
    }
    for token in [query, key].compactMap(\.self) where token >= run.count {
      throw ModelError(
        .noSuchPlace, "there is no token \(token); the text has tokens 0 to \(run.count - 1)")
    }
    let shape = run.configuration
    try shape.check(layer: layer ?? 0, head: head ?? 0)
    let all = shape.layers * shape.heads
    if let layer, let head {
      let pairs = try WorkedPairs(layer, head, of: run)
      (self.layer, self.head) = (layer, head)
      (self.query, self.key) = try pairs.pair(query, key)
      words = "L\(layer)H\(head) was asked for, one of \(all) heads."
      numbers = try Self.numbers(layer, head, of: run, transformer)
      return
    }
    let heads = try (layer.map { [$0] } ?? Array(0..<shape.layers)).flatMap { layer in
      try (head.map { [$0] } ?? Array(0..<shape.heads))
        .map { try WorkedPairs(layer, $0, of: run) }
    }
    .filter { (try? $0.pair(query, key)) != nil }
    let (rule, kept) = Rule.first(heads, query, key)
    let readable = kept.compactMap { pairs in
      (try? Self.numbers(pairs.layer, pairs.head, of: run, transformer)).map { (pairs, $0) }
    }
    guard
      let best = readable.min(by: {
        ($0.1.decimals, $0.1.largest) < ($1.1.decimals, $1.1.largest)
      })
    else {
      throw ModelError(
        .noSuchPlace,
        "no head of the model has numbers small enough to be worked by hand with this text; try another text, or name a layer and head"
      )
    }
    (self.layer, self.head, numbers) = (best.0.layer, best.0.head, best.1)
    (self.query, self.key) = try best.0.pair(query, key)
    words =
      "L\(best.0.layer)H\(best.0.head) was picked for readable numbers: "
      + rule.words(readable.count, of: heads.count)
      + (readable.count == 1 ? "." : "; of these its largest number is the smallest.")
  }

  /// Refuses a text with too few or too many tokens.
  ///
  /// - Parameters:
  ///   - encoding: The tokens of the text.
  ///   - isSole: Whether the model can be run without special tokens.
  ///   - name: What is refused: "the text".
  public static func check(
    _ encoding: Encoding, isSole: Bool = true, name: String = "the text"
  ) throws {
    let count = encoding.ids.count
    guard !tokens.contains(count) else { return }
    let special = !isSole ? 0 : encoding.isSpecial.count { $0 }
    let range = "\(name) has \(plural(count, "token")); worked takes 2 to 4"
    let hint = special > 0 ? ", or add --no-special to run without \(special) of them" : ""
    throw ModelError(
      .badText, range + (count < 2 ? ": give it another word" : ": shorten it" + hint))
  }

  private static func numbers(
    _ layer: Int, _ head: Int, of run: Run, _ transformer: Transformer
  ) throws -> HandCalculation {
    let head = (
      layer: layer, index: head,
      coordinates: try HeadCoordinates(layer: layer, head: head, of: run, transformer)
    )
    guard run.attentionTemperature[layer: layer, head: head.index] == 1 else {
      throw ModelError(
        .noSuchPlace, "worked shows the model's own softmax; leave --attention-tau out")
    }
    guard let numbers = HandCalculation(head.coordinates) else {
      throw ModelError(
        .noSuchPlace,
        "L\(layer)H\(head.index) has numbers up to \(NumberFormat.score(head.coordinates.largest)), too large to work with by hand; leave --layer and --head out, or name others"
      )
    }
    return numbers
  }
}

/// What makes a head easy to read, the most wanted first.
private enum Rule: CaseIterable {
  case varied, telling, linked, any

  /// The first rule that some heads keep, and these.
  static func first(
    _ heads: [WorkedPairs], _ query: Int?, _ key: Int?
  ) -> (rule: Rule, heads: [WorkedPairs]) {
    for rule in allCases {
      let kept = heads.filter { rule.holds($0, query, key) }
      if !kept.isEmpty { return (rule, kept) }
    }
    return (.any, [])
  }

  private static let readable: ClosedRange<Float> = 0.4...0.9

  private func holds(_ head: WorkedPairs, _ query: Int?, _ key: Int?) -> Bool {
    guard self != .any else { return true }
    guard let link = head.link(query, key) else { return false }
    if self == .linked { return true }
    guard Self.readable.contains(head.weights[link.query][link.key]) else { return false }
    return self == .telling || head.isVaried(in: Self.readable)
  }

  func words(_ count: Int, of all: Int) -> String {
    let has = "\(count) of \(all) heads \(count == 1 ? "has" : "have")"
    return switch self {
    case .varied:
      "\(has) a largest weight between .4 and .9 in every row, rows that look at different tokens, "
        + "and a word that looks most at another"
    case .telling: "\(has) a word that looks most at another with a weight between .4 and .9"
    case .linked: "\(has) a word that looks most at another"
    case .any: "none has a word that looks most at another, so \(count) of \(all) heads are left"
    }
  }
}

/// The weights of a head on a few tokens.
private struct WorkedPairs {
  let layer: Int
  let head: Int
  let weights: [[Float]]
  private let isAllowed: [[Bool]]
  private let isSpecial: [Bool]

  init(_ layer: Int, _ head: Int, of run: Run) throws {
    let choice = try run.recordedWeights(layer, head)
    (self.layer, self.head, weights) = (layer, head, choice)
    let mask = run.trace.masks[layer]
    isAllowed = choice.indices.map { query in
      choice.indices.map { mask?.allows(query: query, key: $0) ?? true }
    }
    isSpecial = run.encoding.isSpecial
  }

  private func largest(_ query: Int) -> Int {
    weights[query].indices.max { weights[query][$0] < weights[query][$1] } ?? query
  }

  /// The strongest look of a word that looks most at another word.
  func link(_ query: Int?, _ key: Int?) -> (query: Int, key: Int)? {
    let queries = query.map { [$0] } ?? Array(weights.indices)
    return queries.filter { !isSpecial[$0] }.map { ($0, largest($0)) }
      .filter { $0.0 != $0.1 && !isSpecial[$0.1] && key ?? $0.1 == $0.1 }
      .max { weights[$0.0][$0.1] < weights[$1.0][$1.1] }
  }

  /// The pair to follow.
  func pair(_ query: Int?, _ key: Int?) throws -> (query: Int, key: Int) {
    if let link = link(query, key) { return link }
    let from =
      query
      ?? weights.indices.last { row in !isSpecial[row] && key.map { isAllowed[row][$0] } ?? true }
      ?? weights.count - 1
    let pair = (query: from, key: key ?? largest(from))
    guard isAllowed[pair.query][pair.key] else {
      throw ModelError(
        .noSuchPlace,
        "token \(pair.query) may not look at token \(pair.key): the mask hides what comes later")
    }
    return pair
  }

  /// Whether no row is flat or one-sided, and the rows do not all look at one token.
  func isVaried(in range: ClosedRange<Float>) -> Bool {
    let rows = weights.indices.filter { isAllowed[$0].count { $0 } > 1 }
    return rows.allSatisfy { range.contains(weights[$0][largest($0)]) }
      && (rows.count < 2 || Set(rows.map(largest)).count > 1)
  }
}

extension Run {
  /// The weights of a head, row by row.
  fileprivate func recordedWeights(_ layer: Int, _ head: Int) throws -> [[Float]] {
    guard let weights = trace[.weights, layer: layer, head: head] else {
      throw ModelError(.noSuchPlace, "the weights of layer \(layer) were not recorded")
    }
    return (0..<weights.rows).map { weights.rows($0..<$0 + 1).numbers }
  }
}
