import Figures
import TestSupport
import Testing

/// Differences of maps, and two maps side by side.
@Suite struct MapComparisonTests {
  static let tokens = ["The", "cat", "didn't", "sleep", "."].map { TokenLabel($0) }

  static var difference: Heatmap {
    let n = tokens.count
    let values = zip(Samples.shares(n, n, seed: 1), Samples.shares(n, n, seed: 2)).map { $0 - $1 }
    return Heatmap(
      caption: Samples.caption, values: values,
      mask: (0..<n * n).map { $0 % n > $0 / n + 2 },
      rows: Axis("query", role: "looks from", tokens: tokens),
      columns: Axis("key", role: "looks at", tokens: tokens), quantity: .difference,
      legend: LegendText(
        name: ["difference ", .formula(.row([.variable("a"), .sign("−"), .variable("b")]))],
        range: ["−.31 to +.28"], note: ["above 0: more in minilm, below: more in smollm2"]),
      maskLegend: LegendText(name: ["masked"], note: ["in smollm2 alone"]))
  }

  static var side: MapComparison {
    let (n, m) = (tokens.count, 3)
    let others = ["a", "東京", "🙂"].map { TokenLabel($0) }
    return MapComparison(
      caption: Samples.caption,
      sheet: MapSheet(
        rows: tokens, columns: tokens,
        panels: [
          .init(
            title: "“The cat didn’t sleep.”", note: ["a: minilm · L1H7"], badge: "words merged",
            tokens: tokens, values: Samples.shares(n, n, seed: 1)),
          .init(
            title: "“a 東京 🙂”", note: ["b: minilm · L1H7"], tokens: others, columns: tokens,
            values: Samples.shares(m, n, seed: 2)),
        ], legend: LegendText(name: ["weight ", .formula(.variable("a"))], range: ["both maps"])))
  }

  @Test func goldens() throws {
    #expect(
      try Goldens.difference("heatmap-difference.txt", Self.difference.scene(in: Style()).text)
        == nil)
    #expect(try Goldens.difference("heatmap-side.txt", Self.side.scene(in: Style()).text) == nil)
  }

  @Test func differencesAreWrittenWithTheirSign() {
    let written = [0.314, -0.28, 0.0049, -0.004_4, 0, 1, -1, 0.996].map(NumberFormat.difference)
    #expect(
      written == ["+.31", "−.28", "+4.9·10⁻³", "−4.4·10⁻³", "0", "+1", "−1", "+>.99"])
  }

  @Test func theScaleHasZeroInTheMiddle() {
    let text = Self.difference.scene(in: Style()).text
    #expect(text.contains("“in smollm2 alone”") || text.contains("in smollm2"))
    #expect(text.contains("Blank: difference below .005.") || !text.contains("Blank: weight"))
  }

  @Test func aMapMayHaveOtherColumnsThanRows() {
    let text = Self.side.scene(in: Style()).text
    for word in ["東京", "didn't", "🙂"] { #expect(text.contains("“\(word)”")) }
  }
}
