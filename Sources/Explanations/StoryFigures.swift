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
    let figure = try? Heatmap(
      .weights, layer: link.layer, head: link.head, of: run, title: finding(link),
      focus: link.query, choice: choice(of: link, among: links))
    let part = run.stack == .sole ? nil : run.stack.rawValue
    let details: JSON = [
      "of": "weights", "layer": .integer(link.layer), "head": .integer(link.head),
    ]
    return figure.map {
      Explanation.Drawn(
        name: "heatmap-" + (part.map { $0 + "-" } ?? "") + head(link), figure: $0,
        caption:
          "\(head(link))\(run.stackWords): one row for every token that looks, one column for "
          + "every token that is looked at; the row of \(name(link.query).quoted) is outlined.",
        options: (details.members ?? [])
          + (part.map { [JSON.Member("stack", .string($0))] } ?? []))
    }
  }

  /// The title of a map that was chosen for a link.
  func finding(_ link: Contributions.Link) -> String {
    "\(name(link.query).quoted) looks at \(keyName(link.key).quoted)"
  }

  /// How the head was chosen, and from how many.
  func choice(
    of link: Contributions.Link, among links: [Contributions.Link],
    lead: String = "Outlined row: "
  ) -> [Inline] {
    let weights = weightsOfAllHeads(from: link.query, to: link.key).sorted()
    let above = weights.filter { $0 > 0.5 }.count
    let median = NumberFormat.weight(Double(weights[(weights.count - 1) / 2]))
    let share = Precision.percent(Double(link.share))
    guard weights.count > 1 else {
      return [
        .text(
          "\(lead)\(lead.isEmpty ? "The" : "the") strongest link of the only head, \(name(link.query).quoted) gives "
            + "\(keyName(link.key).quoted) \(NumberFormat.weight(Double(link.weight))).")
      ]
    }
    let gives =
      "\(lead)\(name(link.query).quoted) gives \(keyName(link.key).quoted) "
      + "\(NumberFormat.weight(Double(link.weight)))."
    guard !contributions.isByWeight else {
      return [
        .text(
          "\(gives) Head picked by this weight, the \(rank(link, links)) among the largest weights "
            + "between two ordinary tokens of \(links.count) heads (special tokens, and tokens looked "
            + "at from everywhere, left aside); how much a weight moves needs the model’s parameters. "
            + "\(counted(above, of: weights.count)) it more than .50, the median head \(median).")
      ]
    }
    return [
      .text(
        "\(gives) Head picked because this link is "
          + "\(share) of what its layer’s heads bring to the token, by "),
      .formula(.linkLength),
      .text(
        ", the \(rank(link, links)) share among the strongest links of \(links.count) heads (special "
          + "tokens, and tokens looked at from everywhere, left aside). \(counted(above, of: weights.count)) it more "
          + "than .50, the median head \(median)."),
    ]
  }

  /// A link and how its head was chosen in a few words: "“n” gives “i” .42, 49 % of what its layer’s
  /// heads bring, the largest share of 12 heads".
  func fact(of link: Contributions.Link, among links: [Contributions.Link]) -> String {
    let gives =
      "\(name(link.query).isolated.quoted) gives \(keyName(link.key).isolated.quoted) "
      + NumberFormat.weight(Double(link.weight))
    guard summaries.count > 1 else { return gives + " (there is one head)" }
    guard !contributions.isByWeight else {
      return gives + ", the \(rank(link, links)) weight between ordinary tokens of \(links.count) heads"
    }
    return gives
      + ", \(Precision.percent(Double(link.share))) of what its layer’s heads bring, the "
      + "\(rank(link, links)) share of \(links.count) heads"
  }

  /// "largest", "second largest", "7th largest".
  private func rank(_ link: Contributions.Link, _ links: [Contributions.Link]) -> String {
    let above = links.filter { $0.share > link.share }.count
    let words = ["largest", "second largest", "third largest"]
    return above < words.count ? words[above] : "\(above + 1)th largest"
  }

  /// "2 of 72 heads give", "1 of 72 heads gives".
  func counted(_ count: Int, of all: Int) -> String {
    "\(count) of \(all) heads give\(count == 1 ? "s" : "")"
  }
}

extension Story {
  /// "the largest share of what its layer’s heads bring to a token, by ‖a v W_O‖", or the largest weight.
  func measure(_ share: String) -> [Inline] {
    contributions.isByWeight
      ? ["the largest weight"]
      : [.text("the largest share of \(share), by "), .formula(.linkLength)]
  }
}

extension Formula {
  /// ‖a v W_O‖, the length of what a link brings.
  static let linkLength: Formula = .row([
    .word("‖"), .variable("a"), .variable("v"), .sub(.variable("W"), .variable("O")), .word("‖"),
  ])
}
