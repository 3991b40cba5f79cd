import Figures

/// Figures to test with: plausible numbers, difficult words.
enum Samples {
  static let unicode: [TokenLabel] = [
    TokenLabel("[CLS]", kind: .special), TokenLabel("naïve"), TokenLabel("東"), TokenLabel("京"),
    TokenLabel("🙂", secondary: "[UNK]", kind: .unknown), TokenLabel("ש", word: 4),
    TokenLabel("ל", word: 4), TokenLabel("ו", word: 4), TokenLabel("ם", word: 4),
    TokenLabel("[SEP]", kind: .special),
  ]

  static let pool = [
    "the", "animal", "didn", "'", "t", "cross", "street", "because", "it", "...", "tired", "a",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze", "東", "naïve", "unbelievable", ",",
  ]

  /// Words, punctuation, pieces of words, long and short, one of them focused.
  static func tokens(_ count: Int) -> [TokenLabel] {
    (0..<count).map { index in
      let text = pool[(index * 7 + 3) % pool.count]
      let isPunctuation = ["'", ",", "..."].contains(text)
      return TokenLabel(
        text, secondary: index % 11 == 5 ? "[UNK]" : nil,
        kind: isPunctuation ? .punctuation : .word,
        word: index % 6 < 2 ? index / 6 : nil, isFocused: index == count / 2)
    }
  }

  static func shares(_ rows: Int, _ columns: Int, seed: Int = 1) -> [Float] {
    var random = Random(seed: seed)
    return (0..<rows).flatMap { _ -> [Float] in
      let row = (0..<columns).map { _ in random.next() * random.next() * random.next() }
      let sum = row.reduce(0, +)
      return row.map { Float($0 / sum) }
    }
  }

  static func scores(_ rows: Int, _ columns: Int, size: Double = 6) -> [Float] {
    var random = Random(seed: rows * 31 + columns)
    return (0..<rows * columns).map { _ in Float((random.next() - 0.5) * 2 * size) }
  }

  static func causal(_ count: Int) -> [Bool] { (0..<count * count).map { $0 % count > $0 / count } }

  static let caption = Caption(
    title: "“it” looks at “animal”",
    subtitle: [
      "MiniLM · L3H1 · softmax weights ", .formula(.softmaxWeights), " · re-masked: causal",
    ],
    badge: "position 0 removed, rows renormalised",
    notes: [["Outlined row: “it” gives .64 of its attention to “animal” and .12 to [CLS]."]],
    provenance: ["all-MiniLM-L6-v2 (sha256 53aa5117…) on “naïve 東京 🙂 שלום”"],
    summary: "A heatmap.")

  static func heatmap(
    _ tokens: [TokenLabel], _ quantity: Heatmap.Quantity = .weights, mask: [Bool]? = nil,
    values: [Float]? = nil
  ) -> Heatmap {
    let count = tokens.count
    let isWeights = quantity == .weights
    return Heatmap(
      caption: caption,
      values: values ?? (isWeights ? shares(count, count) : scores(count, count)), mask: mask,
      rows: Axis("query", role: "looks from", tokens: tokens),
      columns: Axis("key", role: "looks at", tokens: tokens), quantity: quantity,
      legend: LegendText(
        name: [isWeights ? "weight " : "score ", .formula(.variable(isWeights ? "a" : "α"))],
        range: ["largest .99"], note: ["each row sums to 1"]))
  }

  static func queries(_ tokens: [TokenLabel], dimensions: Int) -> Heatmap {
    Heatmap(
      caption: caption, values: scores(tokens.count, dimensions),
      rows: Axis("token", tokens: tokens), columns: Axis("dimension", count: dimensions),
      quantity: .signed, legend: LegendText(name: ["query ", .formula(.variable("q"))]))
  }

  static func gallery(layers: Int, heads: Int, tokens: [TokenLabel], mask: [Bool]? = nil) -> Gallery
  {
    let count = tokens.count
    let panels = (0..<layers * heads).map { index in
      Gallery.Panel(
        values: shares(count, count, seed: index + 1), sinkShare: Double(index % 10) / 9)
    }
    let head = Gallery.Head(layer: 0, head: heads - 1)
    let example = Gallery.Example(
      title: "How to read one panel: L0H\(heads - 1)", head: head, rows: tokens, columns: tokens,
      callouts: [
        .init(
          heading: "A dark column is a sink",
          text: ["Here [CLS], often read as a resting place: it takes 54 % of this head’s weight."],
          target: .column(0)),
        .init(
          heading: "A dark cell is a link", text: ["One row is one query; it sums to 1."],
          target: .cell(row: count - 1, column: count / 2)),
        .init(
          heading: "The bar is the sink share",
          text: ["The part of all weight on [CLS] and [SEP]: 56 % here."], target: .sinkBar),
      ])
    return Gallery(
      caption: caption, layers: Array(0..<layers), heads: Array(0..<heads), rows: count,
      columns: count, panels: panels, mask: mask, highlighted: head, example: example,
      legend: LegendText(name: ["weight ", .formula(.variable("a"))], range: ["(all panels)"]))
  }
}
