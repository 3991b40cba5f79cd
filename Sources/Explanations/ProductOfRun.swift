public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Product {
  /// q · k of one pair of tokens in one head, up to the weight.
  ///
  /// - Parameters:
  ///   - choice: The head.
  ///   - query: The token that looks; the one the head was chosen for, else the last, when `nil`.
  ///   - key: The token that is looked at; the one with the largest weight, special tokens left
  ///     aside, when `nil`.
  ///   - run: A run that recorded queries, keys, scores and weights of the layer.
  /// - Throws: `ModelError` when they were not recorded, or there is no such token.
  public init(_ choice: HeadChoice, query: Int?, key: Int?, of run: Run) throws {
    let subject = HeadOfRun(choice, of: run)
    let pair = try ProductPair(subject, query: query, key: key)
    let numbers = try ProductNumbers(subject, pair)
    self.init(
      caption: Caption(
        title:
          "Why \(run.name(of: pair.query).quoted) gives \(run.keys.tokens.name(of: pair.key).quoted) "
          + "a weight of \(NumberFormat.weight(numbers.weight))",
        subtitle: [
          .text("\(run.model) · \(subject.place) · query times key, dimension by dimension · "),
          .formula(.headWidth(run.configuration.headWidth)),
        ],
        notes: subject.notes([[.text(pair.words + numbers.terms)]] + numbers.notes(run)),
        provenance: run.provenanceNote,
        summary: numbers.summary(subject, pair)),
      queryName: run.name(of: pair.query), keyName: run.keys.tokens.name(of: pair.key),
      query: numbers.q,
      key: numbers.k, steps: numbers.steps)
  }
}

/// Which pair of tokens is multiplied, and why.
private struct ProductPair {
  let query: Int
  let key: Int
  let words: String

  init(_ subject: HeadOfRun, query: Int?, key: Int?) throws {
    let run = subject.run
    let count = run.keys.tokens.count
    for (token, count) in [(query ?? 0, run.count), (key ?? 0, count)] where token >= count {
      throw ModelError(
        .noSuchPlace, "there is no token \(token); the text has tokens 0 to \(count - 1)")
    }
    let weights = try subject.recorded(.weights)
    let from = query ?? subject.choice.focus ?? run.count - 1
    self.query = from
    if let key {
      if let mask = subject.mask, !mask.allows(query: from, key: key) {
        throw ModelError(
          .noSuchPlace,
          "token \(from) may not look at token \(key): the mask hides what comes later")
      }
      self.key = key
      words = "The pair was asked for. "
      return
    }
    let isSpecial = run.keys.encoding.isSpecial
    let keys = (0..<count).filter { subject.mask?.allows(query: from, key: $0) ?? true }
    let others = keys.filter { !isSpecial[$0] && ($0 != from || run.stack == .cross) }
    let best = (others.isEmpty ? keys : others).max { weights[from, $0] < weights[from, $1] }
    self.key = best ?? from
    words =
      "The key is the one with the largest weight of the row, special tokens "
      + (run.stack == .cross ? "" : "and the token itself ") + "left aside. "
  }
}

/// The numbers of a product, and how they are printed so that each follows from those before it.
private struct ProductNumbers {
  let q: [Double]
  let k: [Double]
  let scale: Double
  let score: Double
  let weight: Double
  /// Σ exp(α) of the keys the query may look at.
  let partition: Double
  let keys: Int
  let temperature: Double
  private let width: Int
  private let layer: Int
  private let isRoot: Bool

  init(_ subject: HeadOfRun, _ pair: ProductPair) throws {
    let run = subject.run
    q = try subject.recorded(.query).rows(pair.query..<pair.query + 1).numbers.map(Double.init)
    k = try subject.recorded(.key).rows(pair.key..<pair.key + 1).numbers.map(Double.init)
    let scores = try subject.recorded(.scores)
    scale = Double(run.configuration.scales[subject.layer])
    score = Double(scores[pair.query, pair.key])
    weight = Double(try subject.recorded(.weights)[pair.query, pair.key])
    temperature = run.attentionTemperature[layer: subject.layer, head: subject.head]
    let allowed = (0..<run.keys.tokens.count).filter {
      subject.mask?.allows(query: pair.query, key: $0) ?? true
    }
    keys = allowed.count
    partition = allowed.reduce(0) { $0 + exp(Double(scores[pair.query, $1])) }
    width = run.configuration.headWidth
    layer = subject.layer
    isRoot = subject.isRootScale
  }

  private var product: Double { zip(q, k).reduce(0) { $0 + $1.0 * $1.1 } }

  /// What the largest terms make of the sum.
  var terms: String {
    let terms = zip(q, k).map { $0 * $1 }.sorted { $0.magnitude > $1.magnitude }
    let five = terms.prefix(5).reduce(0, +)
    let positive = terms.filter { $0 > 0 }.reduce(0, +)
    let negative = terms.filter { $0 < 0 }.reduce(0, +)
    return "The \(Words.count(min(5, terms.count))) largest of \(terms.count) products sum to "
      + "\(NumberFormat.fixed(five, decimals: 2)); all positive ones to "
      + "\(NumberFormat.fixed(positive, decimals: 2)), all negative ones to "
      + "\(NumberFormat.fixed(negative, decimals: 2))."
  }

  /// With how many decimals the printed factors give the printed score.
  private var decimals: Int {
    (2...6).first { places in
      let (a, b) = (rounded(product, places), rounded(1 / scale, places))
      return NumberFormat.fixed(a / b, decimals: 2) == NumberFormat.fixed(score, decimals: 2)
    } ?? 6
  }

  private func rounded(_ value: Double, _ places: Int) -> Double {
    let power = pow(10, Double(places))
    return (value * power).rounded() / power
  }

  /// Whether the score is the scaled product and nothing else: no position bias, no cap.
  private var isPlain: Bool {
    abs(product * scale - score) < 1e-3 * max(1, abs(score))
  }

  var steps: [[Inline]] {
    let places = decimals
    func number(_ value: Double, _ decimals: Int) -> Formula {
      let text = NumberFormat.fixed(value, decimals: decimals)
      return .word(
        decimals == 0 && value < 1e9 ? NumberFormat.count(Int(value.rounded())) : text)
    }
    let qk: Formula = .row([.variable("q"), .sign("·"), .variable("k")])
    var steps: [[Inline]] = [
      [
        .formula(
          .row([
            qk, .sign("="), .word("Σ"), .variable("q"), .sign("∘"), .variable("k"), .sign("="),
            number(product, places),
          ]))
      ]
    ]
    let root: Formula = isRoot ? .root(.sub(.variable("d"), .variable("k"))) : .word("scale")
    let divisor: [Formula] = isRoot ? [.sign("="), .root(.word(String(width)))] : []
    if isPlain {
      steps.append([
        .formula(
          .row(
            [
              .variable("α"), .sign("="), qk, .sign("/"), root, .sign("="), number(product, places),
              .sign("/"), number(1 / scale, places), .sign("="), number(score, 2),
            ])),
        .text(", where "),
        .formula(.row([root] + divisor + [.sign("="), number(1 / scale, places)])),
      ])
    } else {
      steps.append([
        .formula(.row([.variable("α"), .sign("="), number(score, 2)])),
        .text(" after the model’s scale, position bias or cap"),
      ])
    }
    guard temperature == 1, score.magnitude < 12, partition < 1e6 else { return steps }
    let (e, z) = (exp(score), partition)
    let digits =
      ((z < 1000 ? 2 : 0)...6).first { places in
        NumberFormat.weight(rounded(e, places) / rounded(z, places)) == NumberFormat.weight(weight)
      } ?? 6
    steps.append([
      .formula(
        .row([
          .variable("a"), .sign("="), .sup(.variable("e"), .variable("α")), .sign("/"), .word("Σ"),
          .sup(.variable("e"), .variable("α")), .sign("="), number(e, digits), .sign("/"),
          number(z, digits), .sign("="), .word(NumberFormat.weight(weight)),
        ])),
      .text(", the sum over \(keys) key\(keys == 1 ? "" : "s") of the row"),
    ])
    return steps
  }

  func notes(_ run: Run) -> [[Inline]] {
    var sentences = [
      "Numbers are rounded from the run’s own: e to a rounded score is a little off."
    ]
    if run.configuration.rotary.indices.contains(layer), let way = run.configuration.rotary[layer] {
      sentences.append(
        "Query and key are shown after they were turned by their positions: dimension i and "
          + "i + \(way.width / 2) are a pair.")
    }
    if run.configuration.groups < run.configuration.heads {
      let share = run.configuration.heads / run.configuration.groups
      sentences.append("\(share) query heads share this key head.")
    }
    return [[.text(sentences.joined(separator: " "))]]
  }

  func summary(_ subject: HeadOfRun, _ pair: ProductPair) -> String {
    let terms = zip(q, k).enumerated().map { ($0.offset, $0.element.0 * $0.element.1) }
      .sorted { $0.1.magnitude > $1.1.magnitude }.prefix(3)
      .map { "dimension \($0.0) \(NumberFormat.fixed($0.1, decimals: 2))" }
    let run = subject.run
    return "The query of \(run.name(of: pair.query).quoted) times the key of "
      + "\(run.keys.tokens.name(of: pair.key).quoted) in layer \(subject.layer), head \(subject.head) of "
      + "\(run.model), as bars over \(q.count) dimensions. Largest products: "
      + terms.joined(separator: ", ")
      + ". Sum \(NumberFormat.fixed(product, decimals: 2)), score "
      + "\(NumberFormat.fixed(score, decimals: 2)), weight \(NumberFormat.weight(weight))."
  }
}
