public import Figures
internal import Tensors
internal import Tokenization
internal import Transformers

// The pictures of a walk: those of the catalogue where one shows the values, else a heatmap of them.

extension WalkPlace {
  /// The head in focus, as figures of a head name it.
  var choice: HeadChoice { HeadChoice(layer: layer, head: head, focus: i) }

  private var focusNote: [Inline] { [.text("Outlined: token \(i), \(name(i)).")] }

  /// A map of a head; of all heads the focused token's row in each.
  func mapFigure(_ content: HeatmapContent) throws -> any Figure {
    guard focus.head == nil else {
      return try Heatmap(
        content, layer: layer, head: head, of: run, focus: i, choice: focusNote)
    }
    let rows = try (0..<shape.heads).flatMap { try recorded(content.value, head: $0).row(i) }
    let isWeights = content == .weights
    return headRowsFigure(
      rows, columns: Axis("key", role: "looked at", tokens: run.keys.tokens.labels()),
      isWeights ? "Where \(name(i)) looks in every head" : "The scores of \(name(i)) in every head",
      symbol: isWeights ? "a" : "α", isWeights: isWeights,
      mask: content == .scores
        ? nil : (0..<shape.heads).flatMap { _ in (0..<m).map { !allows($0) } })
  }

  /// q · k of every pair, before the scale; of all heads the focused token's row in each.
  func productsFigure() throws -> any Figure {
    let columns = Axis("key", role: "looked at", tokens: run.keys.tokens.labels())
    guard focus.head != nil else {
      let rows = try (0..<shape.heads).flatMap { try products(head: $0).map { Float($0) } }
      return headRowsFigure(
        rows, columns: columns, "q · k of \(name(i)) in every head", symbol: "q·k")
    }
    return heatmap(
      try unscaled().numbers, rows: Axis("query", role: "looks from", tokens: run.labels(focus: i)),
      columns: columns, "How well queries and keys match in \(headName)\(run.stackWords)",
      symbol: "q·k", "q · k, before the scale")
  }

  /// Vectors of one head; of all heads side by side.
  func headFigure(_ value: Site.Value) throws -> any Figure {
    let content: HeatmapContent =
      switch value {
      case .query: .q
      case .key: .k
      case .value: .v
      default: .context
      }
    guard focus.head == nil else {
      return try Heatmap(
        content, layer: layer, head: head, of: run, focus: value == .query ? i : focus.key ?? i,
        choice: focusNote)
    }
    let all = try recorded(value)
    let isOfKeys = value == .key || value == .value
    return heatmap(
      all.joinedHeads().numbers,
      rows: Axis("token", tokens: isOfKeys ? run.keys.tokens.labels() : run.labels(focus: i)),
      columns: Axis("dimension", count: all.shape[0] * all.width),
      "\(content.rawValue == "context" ? "Sums" : content.rawValue.uppercased()) of all heads side by side, layer \(layer)\(run.stackWords)",
      symbol: content == .context ? "z" : content.rawValue,
      "\(all.shape[0]) heads of \(all.width) numbers")
  }

  /// Every head's weights of this layer.
  func galleryFigure() throws -> any Figure {
    let panels = try (0..<shape.heads).map {
      Gallery.Panel(values: try recorded(.weights, head: $0).numbers)
    }
    return Gallery(
      caption: caption(
        "Where every token looks in the \(plural(shape.heads, "head")) of layer \(layer)\(run.stackWords)",
        "softmax weights · rows: looks from, columns: looks at"),
      layers: [layer], heads: Array(0..<shape.heads), rows: n, columns: m, panels: panels,
      mask: isCross ? nil : run.mask(layer: layer),
      legend: LegendText(
        name: ["weight ", .formula(.variable("a"))], range: ["all panels"], note: run.rowSums))
  }

  /// The values of all keys, each times its weight, and their sum.
  func weightedValuesFigure(
    _ weights: [Double], _ values: Tensor, _ sum: [Double]
  ) throws -> any Figure {
    let keys = FlowRows(weights, focus: i, mask: run.trace.masks[layer]).shown.filter(allows)
    let shown = isCross ? Array((0..<m).prefix(40)) : keys
    let rows = shown.flatMap { key in numbers(values, key).map { Float($0 * weights[key]) } }
    let labels = shown.map { run.keys.tokens.labels()[$0] }
    return heatmap(
      rows + sum.map { Float($0) },
      rows: Axis("key", tokens: labels + [TokenLabel("= sum z", kind: .special, isFocused: true)]),
      columns: Axis("dimension", count: shape.headWidth),
      "What \(name(i)) gathers in \(headName)\(run.stackWords)", symbol: "a·v",
      "values times weights, and their sum"
        + (shown.count < allowed.count ? ", \(shown.count) of \(allowed.count) keys" : ""))
  }

  /// A row for every token.
  func streamFigure(
    _ tensor: Tensor, _ title: String, symbol: String, _ words: String
  ) -> any Figure {
    heatmap(
      tensor.numbers, rows: Axis("token", tokens: run.labels(focus: i)),
      columns: Axis("dimension", count: tensor.width), title, symbol: symbol, words)
  }

  /// A row for every head.
  func headRowsFigure(
    _ values: [Float], columns: Axis, _ title: String, symbol: String, isWeights: Bool = false,
    mask: [Bool]? = nil
  ) -> any Figure {
    heatmap(
      values,
      rows: Axis(
        "head", tokens: (0..<shape.heads).map { TokenLabel("H\($0)", isFocused: $0 == focus.head) }),
      columns: columns, title, symbol: symbol,
      "layer \(layer)\(run.stackWords), a row for every head",
      isWeights: isWeights, mask: mask)
  }

  /// Some vectors of the focused token under each other.
  func vectorRowsFigure(_ rows: [(name: String, values: [Double])], _ title: String) -> any Figure {
    heatmap(
      rows.flatMap { $0.values.map { Float($0) } },
      rows: Axis("vector", tokens: rows.map { TokenLabel($0.name) }),
      columns: Axis("dimension", count: rows[0].values.count), title, symbol: "x",
      "layer \(layer)\(run.stackWords), token \(i)")
  }

  /// The logits of some entries at every token.
  func candidatesFigure(_ entries: [Int], _ logits: Tensor, names: [TokenLabel]) -> any Figure {
    let values = entries.flatMap { entry in (0..<logits.rows).map { logits[$0, entry] } }
    return heatmap(
      values, rows: Axis("entry", tokens: names),
      columns: Axis("row", role: "after", tokens: run.labels(focus: i)),
      "The largest logits of \(name(i)), and theirs at every other token", symbol: "z",
      "logits of \(entries.count) entries of \(NumberFormat.count(logits.width))")
  }

  /// A map of differences.
  func differenceFigure(
    _ values: [Float], rows: [TokenLabel], columns: Axis, isWeights: Bool, _ title: String
  )
    -> any Figure
  {
    var figure = heatmap(
      values, rows: Axis("query", role: "looks from", tokens: rows), columns: columns, title,
      symbol: "Δ", "this run − the run without edits")
    if isWeights { figure.quantity = .difference }
    return figure
  }

  private func heatmap(
    _ values: [Float], rows: Axis, columns: Axis, _ title: String, symbol: String, _ words: String,
    isWeights: Bool = false, mask: [Bool]? = nil
  ) -> Heatmap {
    let finite = values.enumerated().filter { $1.isFinite && mask?[$0] != true }.map(\.element)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let range = "\(NumberFormat.score(Double(low))) to \(NumberFormat.score(Double(high)))"
    return Heatmap(
      caption: caption(title, words), values: values, mask: mask, rows: rows, columns: columns,
      quantity: isWeights ? .weights : .signed,
      transform: !isWeights && finite.hasOutliers ? .squareRoot : .linear,
      legend: LegendText(
        name: [.text(isWeights ? "weight " : ""), .formula(.variable(symbol))],
        range: [.text(range)]))
  }

  private func caption(_ title: String, _ words: String) -> Caption {
    Caption(
      title: title, subtitle: [.text("\(run.model) · \(words)")],
      notes: run.normalisationNote.map { [$0] } ?? [], provenance: run.provenanceNote,
      summary: "\(title), of \(run.model): \(words).")
  }
}

extension [Float] {
  /// Whether a few numbers are so large that all others would look like 0 in proportion.
  fileprivate var hasOutliers: Bool {
    let square = reduce(0.0) { $0 + Double($1) * Double($1) }
    let largest = reduce(0.0) { Swift.max($0, Double($1.magnitude)) }
    return largest > 6 * (square / Double(Swift.max(count, 1))).squareRoot()
  }
}

extension HeadChoice {
  /// A head that someone looks at.
  init(layer: Int, head: Int, focus: Int) {
    self.init(
      layer, head, focus: focus, title: nil,
      words: [.text("L\(layer)H\(head) is the head in focus.")],
      fact: "L\(layer)H\(head) is the head in focus")
  }
}

extension Heatmap {
  /// The map without numbers, where a terminal of so many columns has no room for all of them and a
  /// space between: numbers that are cut are wrong ones.
  fileprivate func withNumbersThatFit(columns most: Int) -> Heatmap {
    let widest = matrix.values.indices.reduce(0) { widest, index in
      matrix.value(index / matrix.columns, index % matrix.columns)
        .map { max(widest, (written($0) ?? "").count) } ?? widest
    }
    let labels = rows.cornerLines.map(\.count).max() ?? 0
    guard labels + 4 + columns.count * (widest + 1) > most else { return self }
    var map = self
    map.numbers = .never
    return map
  }

  /// The map with neighbouring dimensions put together, where there are more than so many.
  fileprivate func condensed(toDimensions most: Int) -> Heatmap {
    guard case .numbers(let count) = columns.labels, count > most else { return self }
    let block = (count + most - 1) / most
    // Blocks of one size where the width allows.
    let size = (block...2 * block).first { count % $0 == 0 } ?? block
    let blocks = (count + size - 1) / size
    let padding = blocks * size - count
    let values = (0..<rows.count).flatMap { row in
      (0..<count).map { matrix.values[row * count + $0] } + Array(repeating: 0, count: padding)
    }
    let whole = Matrix(rows: rows.count, columns: blocks * size, values: values)
    var axis = Axis(columns.name, role: columns.role, count: blocks)
    axis.stride = size
    var legend = legend
    legend.note = [.text("each cell the strongest of \(size) dimensions")]
    let strongest = whole.condensed(rows: rows.count, columns: blocks).values
    return Heatmap(
      caption: caption, values: strongest, rows: rows, columns: axis, quantity: quantity,
      transform: strongest.hasOutliers ? transform : .linear, legend: legend)
  }
}

/// A figure with words around it.
private protocol Captioned: Figure {
  var caption: Caption { get set }
}

extension Heatmap: Captioned {}
extension Gallery: Captioned {}
extension Product: Captioned {}
extension Tempering: Captioned {}

extension StationPage {
  /// The picture for a terminal of so many columns.
  public func picture(columns: Int) -> (any Figure)? {
    figure.map { Self.picture($0, columns: columns) }
  }

  /// A figure for a terminal: without the notes, as the page itself says them, and of wide vectors
  /// the strongest of neighbouring dimensions, so that rows stay whole.
  public static func picture(_ figure: any Figure, columns: Int) -> any Figure {
    guard var captioned = figure as? any Captioned else { return figure }
    captioned.caption.notes = []
    captioned.caption.provenance = []
    guard let heatmap = captioned as? Heatmap else { return captioned }
    return heatmap.condensed(toDimensions: min(max((columns - 14) / 2, 8), 40))
      .withNumbersThatFit(columns: columns)
  }
}
