import Figures
import TestSupport
import Testing

@Suite struct GalleryTests {
  static let sheets = [[1, 1], [2, 2], [6, 12], [12, 12], [30, 9]]

  private func style(_ width: Double?) -> Style { Style(width: width.map { .millimetres($0) }) }

  @Test(arguments: sheets, [nil, 60, 89, 182] as [Double?])
  func textsKeepTheirDistance(_ sheet: [Int], _ width: Double?) {
    for count in [2, 3, 15] {
      let figure = Samples.gallery(layers: sheet[0], heads: sheet[1], tokens: Samples.tokens(count))
      #expect(violations(figure, style(width)) == [], "\(count) tokens")
    }
  }

  @Test(arguments: [nil, 89, 182] as [Double?]) func manyTokens(_ width: Double?) {
    for count in [60, 200] {
      let figure = Samples.gallery(
        layers: 2, heads: 3, tokens: Samples.tokens(count), mask: Samples.causal(count))
      #expect(violations(figure, style(width)) == [])
    }
  }

  @Test func manyHeads() {
    let figure = Samples.gallery(layers: 3, heads: 64, tokens: Samples.tokens(3))
    #expect(violations(figure, style(nil)) == [])
    #expect(violations(figure, style(89)) == [])
    let strings = Inks(figure.scene(in: style(89))).strings
    #expect(strings.contains { $0.contains("Head names: every") })
  }

  @Test func headsAreNamedByTheirNumbers() {
    var figure = Samples.gallery(layers: 2, heads: 2, tokens: Samples.tokens(3))
    figure = Gallery(
      caption: figure.caption, layers: [4, 7], heads: [0, 11], rows: 3, columns: 3,
      panels: figure.panels, legend: figure.legend)
    let strings = Inks(figure.scene(in: Style())).strings
    #expect(["L4", "L7", "H0", "H11"].allSatisfy(strings.contains))
    #expect(violations(figure, Style()) == [])
  }

  @Test func condensingIsDeclared() {
    let (few, many) = (Samples.tokens(20), Samples.tokens(200))
    func declares(_ tokens: [TokenLabel]) -> Bool {
      let figure = Samples.gallery(layers: 6, heads: 12, tokens: tokens)
      return Inks(figure.scene(in: Style())).strings.joined(separator: " ")
        .contains("the largest of up to 2 × 2 weights")
    }
    #expect(!declares(few))
    #expect(declares(many))
  }

  /// Of a long text the sheet keeps blocks: the largest weight of each, masked where all is.
  @Test func aLongTextKeepsItsLargestWeights() throws {
    let count = 600
    var values = [Float](repeating: 0.001, count: count * count)
    values[599 * count + 300] = 0.9
    let figure = Gallery(
      caption: Samples.caption, layers: [0], heads: [0], rows: count, columns: count,
      panels: [Gallery.Panel(values: values)], mask: Samples.causal(count),
      legend: LegendText(name: ["weight"]))
    #expect(figure.panels[0].values.count == 256 * 256)
    #expect(figure.panels[0].values.filter { $0 == 0.9 }.count == 1)
    #expect(figure.panels[0].values[255 * 256 + 128] == 0.9)
    let strings = Inks(figure.scene(in: Style(width: .millimetres(60)))).strings
    #expect(strings.joined(separator: " ").contains("the largest of up to 3 × 3 weights"))
    #expect(violations(figure, Style()) == [])
  }

  @Test func fewerColumnsThanRows() {
    let (rows, columns) = (Samples.tokens(6), Array(Samples.tokens(6).dropFirst()))
    let whole = Samples.gallery(layers: 2, heads: 2, tokens: rows)
    let panels = (0..<4).map { _ in Gallery.Panel(values: Samples.shares(6, 5)) }
    let figure = Gallery(
      caption: whole.caption, layers: [0, 1], heads: [0, 1], rows: 6, columns: 5, panels: panels,
      example: .init(
        title: "How to read one panel", head: .init(layer: 1, head: 1), rows: rows,
        columns: columns, callouts: whole.example?.callouts ?? []), legend: whole.legend)
    #expect(violations(figure, Style()) == [])
  }

  @Test func whatIsNoNumberIsNamed() {
    var values = Samples.shares(4, 4)
    values[5] = .nan
    let panels = [Gallery.Panel(values: Samples.shares(4, 4)), Gallery.Panel(values: values)]
    let figure = Gallery(
      caption: Samples.caption, layers: [2], heads: [0, 1], rows: 4, columns: 4, panels: panels,
      legend: LegendText(name: ["weight"]))
    #expect(Inks(figure.scene(in: Style())).strings.contains { $0.contains("in L2H1") })
  }

  /// Leader lines run from dots to notes and never through a text.
  @Test(arguments: [2, 15, 60]) func leaderLinesMissTheWords(_ count: Int) {
    let figure = Samples.gallery(layers: 6, heads: 12, tokens: Samples.tokens(count))
    let scene = figure.scene(in: Style())
    let boxes = Inks(scene).all.map(\.box)
    let lines = scene.marks.flatMap { mark -> [Path] in
      guard case .label(let label) = mark, label.name.hasPrefix("note-") else { return [] }
      return label.marks.compactMap { if case .path(let path) = $0 { path } else { nil } }
    }
    #expect(lines.count == 9)
    for line in lines {
      for point in points(line) {
        #expect(
          !boxes.contains {
            $0.intersects(Rectangle(x: point.x, y: point.y, width: 0.01, height: 0.01))
          })
      }
    }
  }

  /// Points a tenth of the way apart along the straight parts of a path.
  private func points(_ path: Path) -> [Point] {
    var (last, points) = (Point(0, 0), [Point]())
    for step in path.steps {
      switch step {
      case .move(let point): last = point
      case .line(let point):
        points += (0...50).map { part in
          let share = Double(part) / 50
          return Point(last.x + (point.x - last.x) * share, last.y + (point.y - last.y) * share)
        }
        last = point
      case .curve, .close: break
      }
    }
    return points
  }

  @Test func golden() throws {
    let figure = Samples.gallery(
      layers: 1, heads: 2, tokens: Samples.tokens(3), mask: Samples.causal(3))
    #expect(try Goldens.difference("gallery.txt", figure.scene(in: Style()).text) == nil)
  }
}
