public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

/// What a heatmap can show of one head.
public enum HeatmapContent: String, Sendable, CaseIterable {
  /// Queries, tokens × dimensions.
  case q
  /// Keys, tokens × dimensions.
  case k
  /// Values, tokens × dimensions.
  case v
  /// The scaled scores α of every pair, before the mask.
  case scores
  /// The scores with what the mask hides hidden.
  case masked
  /// The softmax weights a.
  case weights
  /// The weighted sums of values, tokens × dimensions.
  case context

  /// What a run must have recorded.
  public var value: Site.Value {
    switch self {
    case .q: .query
    case .k: .key
    case .v: .value
    case .scores, .masked: .scores
    case .weights: .weights
    case .context: .context
    }
  }
}

extension Heatmap {
  /// One head of a run.
  ///
  /// - Parameters:
  ///   - content: Which values.
  ///   - layer: The layer, from 0.
  ///   - head: The query head, from 0.
  ///   - run: The run, which recorded them.
  ///   - title: A finding made from the numbers; a neutral title when `nil`.
  ///   - focus: The token whose row is outlined.
  ///   - choice: How the head was chosen, and from how many.
  /// - Throws: `ModelError` of kind `noSuchPlace` when the layer or head does not exist.
  public init(
    _ content: HeatmapContent, layer: Int, head: Int, of run: Run, title: String? = nil,
    focus: Int? = nil, choice: [Inline]
  ) throws {
    try run.check(layer: layer, head: head)
    guard let values = run.trace[content.value, layer: layer, head: head] else {
      throw run.missing(content.value, layer: layer)
    }
    let words = HeatmapWords(content: content, layer: layer, head: head, run: run, values: values)
    let tokens = run.labels(focus: focus)
    let isMap = content.isMap
    self.init(
      caption: words.caption(title: title, choice: choice),
      values: values.numbers,
      mask: isMap && (content != .scores || !values.isFinite) ? run.mask(layer: layer) : nil,
      rows: Axis(
        content.rowName, role: isMap ? "looks from" : nil,
        tokens: content.showsKeys ? run.keys.tokens.labels() : tokens),
      columns: isMap
        ? Axis("key", role: "looks at", tokens: run.keys.tokens.labels())
        : Axis("dimension", count: values.width),
      quantity: content == .weights ? .weights : .signed, legend: words.legend)
  }
}

extension HeatmapContent {
  /// Whether rows and columns are both tokens.
  fileprivate var isMap: Bool {
    switch self {
    case .scores, .masked, .weights: true
    case .q, .k, .v, .context: false
    }
  }

  fileprivate var rowName: String { isMap ? "query" : "token" }

  /// Whether rows are the tokens that are looked at.
  fileprivate var showsKeys: Bool { self == .k || self == .v }
}

extension Run {
  /// Which cells of a layer's map are masked; `nil` where none is.
  func mask(layer: Int) -> [Bool]? {
    guard let mask = trace.masks[layer] else { return nil }
    return mask.ranges.flatMap { keys in (0..<count).map { !keys.contains($0) } }
  }
}

extension Configuration {
  /// The weights a: the softmax of q·k/√d where every layer computes that and nothing else.
  var weightsFormula: Formula {
    (0..<layers).allSatisfy(hasPlainScores) ? .softmaxWeights : .variable("a")
  }

  /// Whether the scores of a layer are q·k/√d and nothing else.
  func hasPlainScores(layer: Int) -> Bool {
    let d = Float(headWidth)
    return abs(scales[layer] * d.squareRoot() - 1) < 1e-5 && scoreCap == nil
      && !hasDistanceBias
  }

  /// How far a layer sees; `nil` for everything.
  func window(layer: Int) -> Int? { windows.isEmpty ? nil : windows[layer] }
}

/// The words around a heatmap of a run.
private struct HeatmapWords {
  let content: HeatmapContent
  let layer: Int
  let head: Int
  let run: Run
  let values: Tensor

  private var place: String { "L\(layer)H\(head)\(run.stackWords)" }

  func caption(title: String?, choice: [Inline]) -> Caption {
    Caption(
      title: title ?? neutralTitle,
      subtitle: [.text("\(run.model) · \(place) · ")] + transform,
      notes: notes(choice),
      provenance: run.provenanceNote,
      summary: summary)
  }

  private var neutralTitle: String {
    switch content {
    case .q: "What each token asks for: the queries of \(place)"
    case .k: "What each token offers: the keys of \(place)"
    case .v: "What each token passes on: the values of \(place)"
    case .scores: "How well queries and keys match in \(place)"
    case .masked: "The scores of \(place) that the mask leaves"
    case .weights: "Where every token looks in \(place)"
    case .context: "What every token gathers in \(place)"
    }
  }

  private var isRootScale: Bool { run.configuration.hasPlainScores(layer: layer) }

  private var transform: [Inline] {
    switch content {
    case .q: ["queries ", .formula(.variable("q"))]
    case .k: ["keys ", .formula(.variable("k"))]
    case .v: ["values ", .formula(.variable("v"))]
    case .context:
      [
        "weighted sums of values ",
        .formula(
          .row([
            .variable("z"), .sign("="), .word("Σ "), .sub(.variable("a"), .variable("j")),
            .sub(.variable("v"), .variable("j")),
          ])),
      ]
    case .scores: isRootScale ? ["scaled scores ", .formula(.scaledScores)] : ["scaled scores α"]
    case .masked:
      (isRootScale ? ["scaled scores ", .formula(.scaledScores)] : ["scaled scores α"])
        + [.text(run.trace.masks[layer] == nil ? " · nothing is masked" : " · \(maskName)")]
    case .weights:
      (isRootScale ? ["softmax weights ", .formula(.softmaxWeights)] : ["softmax weights a"])
        + temperature
    }
  }

  private var maskName: String {
    let window = run.configuration.window(layer: layer)
    guard run.configuration.kind == .decoder else {
      return window.map { "tokens at most \($0) away" } ?? "a mask"
    }
    return "causal mask" + (window.map { " over the last \($0) tokens" } ?? "")
  }

  /// What the scores are divided by before the softmax, where it is not 1.
  private var temperature: [Inline] {
    let tau = run.attentionTemperature[layer: layer, head: head]
    return tau == 1
      ? [] : [.text(" · scores divided by τ = \(NumberFormat.temperature(tau)) before it")]
  }

  private func notes(_ choice: [Inline]) -> [[Inline]] {
    [choice] + (run.normalisationNote.map { [$0] } ?? [])
  }

  var legend: LegendText {
    let (low, high) = range
    switch content {
    case .weights:
      return LegendText(
        name: ["weight ", .formula(.variable("a"))],
        range: [.text("largest \(NumberFormat.weight(Double(high)))")],
        note: run.rowSums)
    default:
      return LegendText(
        name: legendName,
        range: [.text("\(NumberFormat.score(Double(low))) to \(NumberFormat.score(Double(high)))")])
    }
  }

  /// The smallest and the largest value that is drawn.
  private var range: (Float, Float) {
    let mask = content == .masked ? run.mask(layer: layer) : nil
    return values.withNumbers { numbers in
      var (low, high) = (Float.infinity, -Float.infinity)
      for index in numbers.indices where mask?[index] != true && numbers[index].isFinite {
        (low, high) = (min(low, numbers[index]), max(high, numbers[index]))
      }
      return (low, high)
    }
  }

  private var legendName: [Inline] {
    switch content {
    case .scores, .masked, .weights: ["score ", .formula(.variable("α"))]
    case .q: ["query ", .formula(.variable("q"))]
    case .k: ["key ", .formula(.variable("k"))]
    case .v: ["value ", .formula(.variable("v"))]
    case .context: ["sum ", .formula(.variable("z"))]
    }
  }

  private var summary: String {
    if content == .weights { return run.description(of: values, layer: layer, head: head) }
    let low = NumberFormat.score(Double(range.0))
    let high = NumberFormat.score(Double(range.1))
    return "\(neutralTitle), of \(run.model), for \(run.count) tokens, as a heatmap of "
      + "\(values.rows) by \(values.width) values from \(low) to \(high)."
  }
}
