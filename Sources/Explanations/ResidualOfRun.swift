internal import Analysis
public import Figures
internal import Tensors
public import Transformers

extension Residual {
  /// What the layers of a run did to the stream.
  ///
  /// - Parameters:
  ///   - run: A run that recorded `recorded` of every layer.
  ///   - token: A token to name beside those that stand out.
  /// - Throws: `ModelError` when something was not recorded, or there is no such token.
  public init(of run: Run, token: Int? = nil) throws {
    if let token, token >= run.count {
      throw ModelError(
        .noSuchPlace, "there is no token \(token); the text has tokens 0 to \(run.count - 1)")
    }
    guard let stream = StreamSummary(run) else {
      let value = StreamSummary.values.sorted { $0.rawValue < $1.rawValue }
        .first { run.trace[$0, layer: $0.isInLayer ? 0 : nil] == nil }
      throw run.missing(value ?? .output)
    }
    let words = ResidualWords(run: run, stream: stream)
    let outliers = words.outliers
    let named = (token.map { [$0] } ?? []) + outliers.filter { $0 != token }
    self.init(
      caption: words.caption(asked: token, outliers: outliers.count), input: stream.input,
      steps: stream.steps.map { step in
        Step(
          layer: step.layer, isAttention: step.isAttention, lengths: step.after,
          added: zip(step.added, step.before).map { $1 > 0 ? $0 / $1 : 0 },
          similarity: step.similarity, similarityToInput: step.similarityToInput)
      },
      named: named.map { ($0, run.name(of: $0).isolated) })
  }

  /// What must be recorded.
  public static let recorded = StreamSummary.values
}

private struct ResidualWords {
  let run: Run
  let stream: StreamSummary

  /// Tokens that somewhere are twice as long as the median token, at most two.
  var outliers: [Int] {
    let ratios = run.tokens.indices.map { token in
      stream.steps.map { step in
        let sorted = step.after.sorted()
        let median = sorted[sorted.count / 2]
        return median > 0 ? step.after[token] / median : 0
      }.max() ?? 0
    }
    return Array(
      ratios.indices.filter { ratios[$0] >= 2 }.sorted { ratios[$0] > ratios[$1] }.prefix(2))
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func number(_ value: Double) -> String { NumberFormat.amount(value, decimals: 2) }

  func caption(asked: Int?, outliers: Int) -> Caption {
    let placement = run.configuration.normPlacement
    let isAfter = placement == .after
    let layers = (stream.steps.last?.layer ?? 0) + 1
    return Caption(
      title: "The residual stream of \(run.model), layer by layer",
      subtitle: [
        .text(
          "\(plural(layers, "layer")) · \(run.count) tokens of width \(stream.width) · "
        ),
        .formula(run.isOpen && !isAfter ? .addition : .step(placement)),
      ],
      notes: [
        [
          .text(
            "A layer has two steps: after attention, and after the feed-forward network. "
              + norms(isAfter) + " " + naming(asked, outliers))
        ]
      ]
        + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote, summary: summary)
  }

  private func norms(_ isAfter: Bool) -> String {
    let sums = stream.steps.map { mean($0.sum) }
    let after = stream.steps.map { mean($0.after) }
    guard isAfter, let low = sums.min(), let high = sums.max(), let least = after.min(),
      let most = after.max()
    else {
      return "This model adds without a norm after it: the stream is what all layers added."
    }
    return
      "Every addition is followed by a norm: sums whose mean length runs from \(number(low)) to "
      + "\(number(high)) come out with \(number(least)) to \(number(most))."
  }

  private func naming(_ asked: Int?, _ outliers: Int) -> String {
    let rule =
      outliers == 0
      ? "No token is anywhere twice as long as the median token."
      : "Named: the token\(outliers == 1 ? "" : "s") that somewhere \(outliers == 1 ? "is" : "are") "
        + "at least twice as long as the median token, at most two."
    return asked == nil ? rule : rule + " One token was asked for."
  }

  private var summary: String {
    let last = stream.steps.last
    return "The residual stream of \(run.model) for \(run.count) tokens over "
      + "\(plural((last?.layer ?? 0) + 1, "layer")), as three plots. Mean length from "
      + "\(number(mean(stream.input))) at the embedding to \(number(mean(last?.after ?? [0]))) at the "
      + "end; cosine of the end with the embedding \(number(mean(last?.similarityToInput ?? [0]))) on "
      + "average; most is added by "
      + (stream.steps.max { relative($0) < relative($1) }.map {
        "\($0.isAttention ? "attention" : "the feed-forward network") of layer \($0.layer), "
          + "\(number(relative($0))) of the stream’s length."
      } ?? "nothing.")
  }

  private func relative(_ step: StreamSummary.Step) -> Double {
    mean(zip(step.added, step.before).map { $1 > 0 ? $0 / $1 : 0 })
  }
}

extension Run {
  /// Whether nothing is known of the model but its recording.
  fileprivate var isOpen: Bool { configuration.family == "recording" }
}

extension Formula {
  /// x ← x + f(x), where the recording does not say where in f the norm stands.
  fileprivate static let addition: Formula = .row([
    .variable("x"), .sign("←"), .variable("x"), .sign("+"), .variable("f"), .word("("),
    .variable("x"), .word(")"),
  ])

  /// What a step does to the stream: x ← norm(x + f(x)), or where else the norm stands.
  fileprivate static func step(_ placement: Configuration.NormPlacement) -> Formula {
    let x = Formula.variable("x")
    func norm(_ inner: [Formula]) -> [Formula] {
      [.word("norm"), .word("(")] + inner + [.word(")")]
    }
    func f(_ inner: [Formula]) -> [Formula] {
      [.variable("f"), .word("(")] + inner + [.word(")")]
    }
    let result: [Formula] =
      switch placement {
      case .after: norm([x, .sign("+")] + f([x]))
      case .before, .parallel: [x, .sign("+")] + f(norm([x]))
      case .around: [x, .sign("+")] + norm(f(norm([x])))
      case .inside: [x, .sign("+")] + norm(f([x]))
      }
    return .row([x, .sign("←")] + result)
  }
}
