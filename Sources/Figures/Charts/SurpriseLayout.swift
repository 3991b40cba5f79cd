/// Where everything in a surprise figure stands: the facts, the text, the list.
struct SurpriseLayout {
  private let figure: Surprise
  private let style: Style
  private let width: Double
  private let text: SurpriseText
  private let list: SurpriseList

  init(_ figure: Surprise, in style: Style) {
    self.figure = figure
    self.style = style
    let fitted = Page.fittedWidth(in: style)
    let available = fitted ?? .millimetres(171)
    text = SurpriseText(figure, width: available, in: style)
    let words = Page.comfortableWidth(figure.caption, most: available, in: style)
    let facts = Self.flow(Self.facts(figure), width: available, style).width
    width = fitted ?? min(max(text.width, words, facts, .millimetres(132)), available)
    list = SurpriseList(figure, width: width, in: style)
  }

  func scene() -> Scene {
    var caption = figure.caption
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, width: width, in: style)
    var shortenings = Shortenings()
    page.y += 17
    facts(on: &page)
    text.place(on: &page, &shortenings)
    list.place(on: &page, &shortenings)
    return page.scene(declaring: declarations + shortenings.sentences)
  }

  // MARK: The facts about the whole text

  /// A name, grey, and its value, bold.
  private struct Fact {
    var name: String
    var value: String
  }

  private static func facts(_ figure: Surprise) -> [Fact] {
    guard let mean = figure.mean else { return [] }
    let count = figure.predicted.count
    return [
      Fact(
        name: "mean surprise",
        value: "\(NumberFormat.nats(mean)) nats = \(NumberFormat.nats(Surprise.bits(mean))) bits"),
      Fact(name: "perplexity", value: NumberFormat.perplexity(mean)),
      Fact(
        name: "first choice of the model",
        value: "\(NumberFormat.count(figure.hits)) of \(NumberFormat.count(count))"),
      Fact(name: "whole text", value: "\(NumberFormat.nats(figure.total)) nats"),
    ]
  }

  private static func flow(_ facts: [Fact], width: Double, _ style: Style) -> Flow {
    let widths = facts.map { fact in
      style.measure(fact.name, .note).width + 4 + style.measure(fact.value, .heading).width
    }
    return Flow(widths: widths, gap: 16, in: width)
  }

  private func facts(on page: inout Page) {
    let facts = Self.facts(figure)
    let flow = Self.flow(facts, width: width, style)
    // Where one fact is wider than the page, all values stand under their names.
    let isStacked = flow.width > width
    var marks: [Mark] = []
    for (index, (fact, place)) in zip(facts, flow.places).enumerated() {
      let row = isStacked ? 2 * Double(index) : Double(place.row)
      let start = Point(page.left + (isStacked ? 0 : place.x), page.y + 10.5 * row)
      let name = style.measure(fact.name, .note).width + 4
      let value = Point(start.x + (isStacked ? 0 : name), start.y + (isStacked ? 10.5 : 0))
      marks += [
        .text(Text(fact.name, font: .note, color: style.theme.secondary, at: start)),
        .text(Text(fact.value, font: .heading, color: style.theme.ink, at: value)),
      ]
    }
    page.add("facts", marks)
    let rows = isStacked ? 2 * facts.count : flow.rows
    page.y += 10.5 * Double(max(rows - 1, 0))
  }

  // MARK: The words at the foot

  private var declarations: [String] {
    guard figure.mean != nil else { return ["No token of this text is predicted."] }
    var sentences = [
      "Height: the surprise −ln p of the token under the bar, p being the probability the model "
        + "gave it after the tokens before it; 1 nat = 1.44 bits.",
      "Dashed line: the mean. Perplexity is e to the mean in nats: as unsure as among so many "
        + "equally probable tokens.",
    ]
    sentences.append(colors)
    if figure.positions.contains(where: { $0.prediction == nil }) {
      sentences.append("–: nothing stands before the first token, so nothing predicts it.")
    }
    if !text.hasAllNumbers { sentences.append("Nats are printed where they have room.") }
    let infinite = figure.predicted.contains { !figure.surprise($0).isFinite }
    if infinite { sentences.append("∞: the model gave the token probability 0.") }
    sentences.append("Rank: among \(NumberFormat.count(figure.vocabulary)) tokens.")
    return sentences + list.declarations
  }

  private var colors: String {
    let isAllHits = figure.hits == figure.predicted.count
    if isAllHits { return "Grey: the model’s first choice (rank 1), as every token here." }
    return "Red: the most surprising tokens, numbered as in the list. "
      + (figure.hits > 0 ? "Grey: the model’s first choice (rank 1). " : "") + "Blue: all others."
  }
}
