public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Which encodings of positions are drawn.
public enum PositionScheme: String, Sendable, CaseIterable {
  /// The model's own: learned, or rotary.
  case own = "model"
  /// Those of the original transformer, from the formula, at the model's width.
  case sinusoidal
}

extension Positions {
  /// The encodings of a model, how similar they are, and two equal tokens without them.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the scores.
  ///   - choice: The head whose scores are compared; layer 0 of a decoder, whose mask tells
  ///     positions apart from there on.
  ///   - model: The model that ran.
  ///   - scheme: The model's own encodings, or those of the original transformer.
  /// - Throws: `ModelError` when the scores were not recorded.
  public init(
    of run: Run, choice: HeadChoice, _ model: Model, scheme: PositionScheme = .own
  ) throws {
    let encoding = try PositionEncoding(
      scheme, model.transformer, layer: choice.layer, at: run.count)
    let pair = try EqualTokens(run, choice, model)
    let words = PositionWords(run: run, encoding: encoding, pair: pair)
    self.init(
      caption: words.caption, values: encoding.values.numbers, positions: encoding.values.rows,
      dimensions: encoding.values.width, columnName: encoding.columnName,
      legend: LegendText(name: [.text(encoding.legend)]), similarity: encoding.similarity,
      similarityName: encoding.similarityName, comparison: pair?.comparison)
  }
}

/// Encodings of positions as numbers.
struct PositionEncoding {
  enum Kind { case learned, rotary, sinusoidal }

  let kind: Kind
  /// `[positions, columns]`.
  let values: Tensor
  let similarity: [Positions.Similarity]

  /// - Throws: `ModelError` where positions are neither added nor turn queries and keys.
  init(
    _ scheme: PositionScheme, _ transformer: Transformer, layer: Int, at tokens: Int
  ) throws {
    let shape = transformer.configuration
    let count = min(max(64, tokens), shape.maximumTokens)
    let own = shape.rotary.indices.contains(layer) ? shape.rotary[layer] : nil
    if scheme == .sinusoidal {
      values = Self.sinusoids(count, width: shape.width)
      kind = .sinusoidal
      similarity = Self.cosines(values)
    } else if let table = transformer.positionVectors(count) {
      values = table
      kind = .learned
      similarity = Self.cosines(table)
    } else if let rotary = own ?? shape.rotary.lazy.compactMap(\.self).first {
      let frequencies = rotary.frequencies(tokens: tokens)
      kind = .rotary
      values = Tensor(
        (0..<count).flatMap { m in frequencies.map { Float(cos(Double(m) * $0)) } },
        shape: [count, frequencies.count])
      similarity = (0..<count).map { distance in
        let sum = frequencies.reduce(0) { $0 + cos(Double(distance) * $1) }
        let mean = sum / Double(frequencies.count)
        return Positions.Similarity(mean: mean, low: mean, high: mean)
      }
    } else {
      throw ModelError(
        .noSuchPlace,
        "the model encodes no positions: their distance enters its scores; try --encoding sinusoidal"
      )
    }
  }

  /// PE(m, 2i) = sin(m / 10000^(2i/D)), PE(m, 2i + 1) = cos of the same (Vaswani et al. 2017,
  /// section 3.5).
  static func sinusoids(_ count: Int, width: Int) -> Tensor {
    Tensor(
      (0..<count).flatMap { m in
        (0..<width).map { column -> Float in
          let angle = Double(m) / pow(10_000, Double(column / 2 * 2) / Double(width))
          return Float(column % 2 == 0 ? sin(angle) : cos(angle))
        }
      }, shape: [count, width])
  }

  /// The cosine of every pair of rows, by distance.
  private static func cosines(_ table: Tensor) -> [Positions.Similarity] {
    let (n, width) = (table.rows, table.width)
    return table.withNumbers { a in
      func dot(_ i: Int, _ j: Int) -> Double {
        (0..<width).reduce(0) { $0 + Double(a[i * width + $1]) * Double(a[j * width + $1]) }
      }
      let lengths = (0..<n).map { dot($0, $0).squareRoot() }
      return (0..<n).map { distance in
        let all = (0..<n - distance).map { i -> Double in
          let product = lengths[i] * lengths[i + distance]
          return product > 0 ? dot(i, i + distance) / product : 0
        }
        return Positions.Similarity(
          mean: all.reduce(0, +) / Double(all.count), low: all.min() ?? 0, high: all.max() ?? 0)
      }
    }
  }

  var columnName: String { kind == .rotary ? "pair of dimensions" : "dimension" }

  var legend: String {
    switch kind {
    case .rotary: "cosine of the angle"
    default: "value"
    }
  }

  var similarityName: String {
    switch kind {
    case .rotary: "of a vector with itself turned, pairs of equal length"
    default: "cosine of two encodings: mean and range of pairs"
    }
  }
}

/// Two tokens of a text that are one entry of the vocabulary, with positions and without.
struct EqualTokens {
  let first: Int
  let second: Int
  let layer: Int
  let head: Int
  let comparison: Positions.Comparison
  /// The largest difference of the two rows of scores, with and without positions.
  let differences: (with: Double, without: Double)

  /// - Returns: `nil` when all tokens differ, or positions cannot be switched off.
  init?(_ run: Run, _ choice: HeadChoice, _ model: Model) throws {
    let ids = run.encoding.ids
    let special = run.encoding.isSpecial
    let pairs = ids.indices.lazy.filter { !special[$0] }.compactMap { i -> (Int, Int)? in
      let types = run.encoding.typeIDs
      return ids.indices.first { $0 > i && ids[$0] == ids[i] && types[$0] == types[i] }.map {
        (i, $0)
      }
    }
    guard let (first, second) = pairs.first(where: { _ in true }),
      let transformer = model.transformer.withoutPositions
    else { return nil }
    let isDecoder = run.configuration.kind == .decoder
    let (layer, head) = (isDecoder ? 0 : choice.layer, choice.head)
    guard let own = run.trace[.scores, layer: layer, head: head] else {
      throw ModelError(.noSuchPlace, "scores of layer \(layer) were not recorded")
    }
    var pass = Pass(
      recording: Recording([.query, .scores], layers: [layer]),
      attentionTemperature: run.attentionTemperature, logits: .none)
    _ = try transformer(ids, types: run.encoding.typeIDs, &pass)
    guard let bare = pass.trace[.scores, layer: layer, head: head] else {
      throw ModelError(.noSuchPlace, "scores without positions were not recorded")
    }
    func row(_ scores: Tensor, _ token: Int) -> [Float] { scores.rows(token..<token + 1).numbers }
    func difference(_ scores: Tensor) -> Double {
      zip(row(scores, first), row(scores, second)).reduce(0) {
        max($0, Double(($1.0 - $1.1).magnitude))
      }
    }
    (self.first, self.second, self.layer, self.head) = (first, second, layer, head)
    differences = (difference(own), difference(bare))
    comparison = Positions.Comparison(
      names: [first, second].map { "\(run.tokens[$0].text.isolated) (\($0))" },
      keys: run.labels(),
      rows: [row(own, first), row(own, second), row(bare, first), row(bare, second)])
  }
}

private struct PositionWords {
  let run: Run
  let encoding: PositionEncoding
  let pair: EqualTokens?

  private var kind: String {
    switch encoding.kind {
    case .learned: "learned vectors, added to the embedding"
    case .rotary: "rotary: queries and keys are turned by their position"
    case .sinusoidal: "sinusoids of the original transformer, from the formula"
    }
  }

  var caption: Caption {
    Caption(
      title:
        "How \(encoding.kind == .sinusoidal ? "the original transformer" : run.model) knows the "
        + "order of tokens",
      subtitle: [
        .text("\(run.model) · position encodings: \(kind) · \(encoding.values.rows) positions")
      ],
      notes: [[.text(switchedOff)]] + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote, summary: summary)
  }

  private var switchedOff: String {
    guard let pair else {
      return "The text has no two equal tokens: write a word twice to see their rows coincide when "
        + "positions are switched off."
    }
    let place = "L\(pair.layer)H\(pair.head)"
    let name = run.tokens[pair.first].text.quoted
    let without =
      pair.differences.without == 0
      ? "they are equal bit for bit"
      : Self.rounding(pair.differences.without)
    let mask =
      run.configuration.kind == .decoder
      ? " Beyond layer 0 the causal mask still tells them apart: each sees another number of tokens."
      : ""
    return "Switched off: the model ran again without positions. The scores of \(name) at "
      + "\(pair.first) and \(pair.second) in \(place) differ by up to "
      + "\(NumberFormat.amount(pair.differences.with, decimals: 1)) with positions; without, \(without)."
      + " Attention by itself sees a set, not a sequence." + mask
      + " The two are the first equal tokens of the text."
  }

  /// A difference; that of single precision's last bits, another on every machine, is only bounded.
  private static func rounding(_ difference: Double) -> String {
    let bound = [1e-6, 1e-5].first { difference < $0 }
    guard let bound else { return "they differ by at most " + NumberFormat.amount(difference) }
    return
      "they differ by less than \(bound == 1e-6 ? "10⁻⁶" : "10⁻⁵"), the rounding of single precision"
  }

  private var summary: String {
    let near = encoding.similarity.dropFirst().first.map {
      "Similarity of neighbours \(NumberFormat.fixed($0.mean, decimals: 2)), at the largest distance "
        + "\(NumberFormat.fixed(encoding.similarity.last?.mean ?? 0, decimals: 2)). "
    }
    return
      "Position encodings of \(run.model), \(kind), as a map of \(encoding.values.rows) positions, "
      + "and their similarity by distance. \(near ?? "")\(switchedOff)"
  }
}
