internal import Analysis
internal import Figures
internal import Files
internal import Tokenization
internal import Transformers

extension Story {
  /// The map of the head with the strongest link.
  var bestHeatmap: Explanation.Drawn? {
    guard let link = best else { return nil }
    let title =
      "\(run.tokens[link.query].text.quoted) looks at \(run.tokens[link.key].text.quoted)"
    let figure = try? Heatmap(
      .weights, layer: link.layer, head: link.head, of: run, title: title, focus: link.query,
      choice: choice(of: link))
    return figure.map {
      Explanation.Drawn(
        name: "heatmap-\(head(link))", figure: $0,
        caption: "The head with the strongest link, \(head(link)): one row for every token that "
          + "looks, one column for every token that is looked at.",
        options: ([
          "of": "weights", "layer": .integer(link.layer), "head": .integer(link.head),
        ] as JSON).members ?? [])
    }
  }

  /// How the head was chosen, and from how many.
  func choice(of link: Contributions.Link) -> String {
    let weights = weightsOfAllHeads(from: link.query, to: link.key).sorted()
    let above = weights.filter { $0 > 0.5 }.count
    let median = NumberFormat.weight(Double(weights[(weights.count - 1) / 2]))
    return "Head picked because this link carries most, by ‖a·vW_O‖ and away from special tokens "
      + "and sinks: \(above) of \(weights.count) heads give it more than .50, the median head "
      + "\(median)."
  }
}
