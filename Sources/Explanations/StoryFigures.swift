internal import Analysis
internal import Figures
internal import Files
internal import Tokenization
internal import Transformers

extension Story {
  /// The maps of the heads with the strongest links, at most `count`.
  func heatmaps(_ count: Int) -> [Explanation.Drawn] {
    links.prefix(count).compactMap(heatmap)
  }

  private func heatmap(_ link: Contributions.Link) -> Explanation.Drawn? {
    let title =
      "\(run.tokens[link.query].text.quoted) looks at \(run.tokens[link.key].text.quoted)"
    let figure = try? Heatmap(
      .weights, layer: link.layer, head: link.head, of: run, title: title, focus: link.query,
      choice: choice(of: link))
    return figure.map {
      Explanation.Drawn(
        name: "heatmap-\(head(link))", figure: $0,
        caption: "\(head(link)): one row for every token that looks, one column for every token "
          + "that is looked at; the row of \(run.tokens[link.query].text.quoted) is outlined.",
        options: ([
          "of": "weights", "layer": .integer(link.layer), "head": .integer(link.head),
        ] as JSON).members ?? [])
    }
  }

  /// How the head was chosen, and from how many.
  func choice(of link: Contributions.Link) -> [Inline] {
    let weights = weightsOfAllHeads(from: link.query, to: link.key).sorted()
    let above = weights.filter { $0 > 0.5 }.count
    let median = NumberFormat.weight(Double(weights[(weights.count - 1) / 2]))
    return [
      "Head picked because this link carries most, by ", .formula(.linkLength),
      .text(
        " and away from special tokens and sinks: \(above) of \(weights.count) heads give it more "
          + "than .50, the median head \(median)."),
    ]
  }
}

extension Formula {
  /// ‖a v W_O‖, the length of what a link brings.
  static let linkLength: Formula = .row([
    .word("‖"), .variable("a"), .variable("v"), .sub(.variable("W"), .variable("O")), .word("‖"),
  ])
}
