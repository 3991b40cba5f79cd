import Figures
import TestSupport
import Testing

@Suite struct HeatmapTests {
  static let widths: [Double?] = [nil, 60, 89, 182]

  private func style(_ width: Double?) -> Style { Style(width: width.map { .millimetres($0) }) }

  @Test(arguments: [1, 2, 3, 5, 8, 15, 16, 25, 40, 41, 60], widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    let tokens = Samples.tokens(count)
    let mask = Samples.causal(count)
    for quantity in [Heatmap.Quantity.weights, .signed] {
      #expect(violations(Samples.heatmap(tokens, quantity), style(width)) == [])
      #expect(violations(Samples.heatmap(tokens, quantity, mask: mask), style(width)) == [])
    }
  }

  @Test(arguments: [120, 300], [nil, 89.0]) func longTexts(_ count: Int, _ width: Double?) {
    #expect(violations(Samples.heatmap(Samples.tokens(count)), style(width)) == [])
  }

  @Test(arguments: [1, 4, 16, 17, 32, 64, 65, 128], widths)
  func dimensions(_ dimensions: Int, _ width: Double?) {
    for count in [1, 3, 15, 60] {
      let figure = Samples.queries(Samples.tokens(count), dimensions: dimensions)
      #expect(violations(figure, style(width)) == [])
    }
  }

  @Test(arguments: widths) func unicode(_ width: Double?) {
    #expect(violations(Samples.heatmap(Samples.unicode), style(width)) == [])
  }

  @Test(arguments: [0.004, 80, 150_000, 3e7, 1e30]) func numbersOfAnySize(_ size: Double) {
    for count in [2, 4, 6, 15] {
      for width in Self.widths {
        let values = Samples.scores(count, count, size: size)
        let figure = Samples.heatmap(Samples.tokens(count), .signed, values: values)
        #expect(violations(figure, style(width)) == [])
      }
    }
  }

  @Test func everyTokenIsNamedOrTheFigureSaysWhichAre() {
    for count in [3, 15, 60, 200] {
      for width in [nil, 60.0, 89.0] {
        let tokens = (0..<count).map { TokenLabel("t\($0)") }
        let strings = Inks(Samples.heatmap(tokens).scene(in: style(width))).strings
        let isNamed = tokens.allSatisfy { token in strings.count { $0 == token.text } == 2 }
        let isDeclared = strings.contains { $0.contains("Labels: every") }
        #expect(isNamed != isDeclared, "\(count) tokens, \(width ?? 0) mm")
      }
    }
  }

  @Test func theFocusedTokenIsAlwaysNamed() {
    for place in [0, 7, 130, 199] {
      let tokens = (0..<200).map { TokenLabel("t\($0)", isFocused: $0 == place) }
      let scene = Samples.heatmap(tokens).scene(in: style(60))
      #expect(Inks(scene).strings.count { $0 == "t\(place)" } == 2)
      #expect(violations(Samples.heatmap(tokens), style(60)) == [])
    }
  }

  @Test func longLabelsAreShortenedAndSpelledOut() {
    let long = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    let strings = Inks(Samples.heatmap([TokenLabel(long), TokenLabel("a")]).scene(in: Style()))
      .strings
    #expect(!strings.contains(long))
    #expect(strings.joined().contains("…"))
    #expect(strings.contains { $0.contains(long) })
  }

  @Test func blanksAreDeclaredOnlyWhereTheyAre() {
    let tokens = [TokenLabel("a"), TokenLabel("b")]
    func note(_ values: [Float]) -> Bool {
      Inks(Samples.heatmap(tokens, values: values).scene(in: Style())).strings
        .contains { $0.contains("below .005") }
    }
    #expect(note([0.999, 0.001, 0.5, 0.5]))
    #expect(!note([1, 0, 0.5, 0.5]))
  }

  @Test func whatIsNoNumberIsCrossedOutAndNamed() {
    let tokens = [TokenLabel("a"), TokenLabel("b")]
    let figure = Samples.heatmap(tokens, values: [0.5, .nan, .infinity, 1])
    let strings = Inks(figure.scene(in: Style())).strings.joined(separator: " ")
    #expect(strings.contains("query “a”, key “b” and 1 more"))
    #expect(!strings.contains("NaN") && !strings.contains("∞"))
    let masked = Samples.heatmap(
      tokens, mask: [false, true, true, false], values: [1, .nan, -.infinity, 1])
    #expect(!Inks(masked.scene(in: Style())).strings.joined().contains("cross"))
  }

  @Test func maskedCellsHoldNoNumberAndAreExplained() {
    let tokens = Samples.tokens(6)
    func numbers(_ figure: Heatmap) -> Int {
      let grid = figure.scene(in: Style()).marks.compactMap { mark -> Label? in
        if case .label(let label) = mark, label.name == "grid" { label } else { nil }
      }
      return Inks(Scene(size: Size(1, 1), background: nil, marks: grid.map(Mark.label))).all.count
    }
    let figure = Samples.heatmap(tokens, .signed, mask: Samples.causal(6))
    #expect(numbers(figure) == 21)
    #expect(numbers(Samples.heatmap(tokens, .signed)) == 36)
    #expect(Inks(figure.scene(in: Style())).strings.contains("masked"))
    #expect(!Inks(Samples.heatmap(tokens, .signed).scene(in: Style())).strings.contains("masked"))
  }

  @Test func transformsAreDeclared() {
    var figure = Samples.heatmap(Samples.tokens(4))
    figure.transform = .squareRoot
    #expect(Inks(figure.scene(in: Style())).strings.contains("square-root colour scale"))
  }

  @Test func limitsAreDeclaredWithWhatLiesBeyond() {
    var figure = Samples.heatmap(
      [TokenLabel("a"), TokenLabel("b")], values: [0.9, 0.1, 0.6, 0.4])
    figure.limits = 0...0.5
    let notes = Inks(figure.scene(in: Style())).strings.joined(separator: " ")
    #expect(notes.contains("Colours run from 0 to .5: 2 values beyond"))
    var signed = Samples.heatmap(
      [TokenLabel("a"), TokenLabel("b")], .signed, values: [3, -4, 1, 0])
    signed.limits = -2...2
    let words = Inks(signed.scene(in: Style())).strings.joined(separator: " ")
    #expect(words.contains("Colours run from −2 to 2: 2 values beyond"))
  }

  @Test(arguments: [3, 15, 60], widths) func numbersCanBeForcedAndLeftOut(
    _ count: Int, _ width: Double?
  ) {
    var figure = Samples.heatmap(Samples.tokens(count), .signed)
    func numbers() -> Int {
      Inks(figure.scene(in: style(width))).all.count {
        $0.text.font.size == 5.5
          || $0.text.string.contains(".") && $0.text.alignment == .middle && $0.text.font.size == 7
      }
    }
    figure.numbers = .never
    #expect(numbers() == 0)
    #expect(violations(figure, style(width)) == [])
    figure.numbers = .always
    #expect(violations(figure, style(width)) == [])
    let words = Inks(figure.scene(in: style(width))).strings.joined(separator: " ")
    #expect(numbers() == count * count || words.contains("Numbers have no room"))
    if width == nil { #expect(numbers() == count * count) }
  }

  @Test func scaleMultipliesEveryLength() {
    let figure = Samples.heatmap(Samples.unicode)
    let (plain, doubled) = (figure.scene(in: Style()), figure.scene(in: Style(scale: 2)))
    #expect(doubled.size == Size(2 * plain.size.width, 2 * plain.size.height))
    #expect(violations(figure, Style(scale: 2)) == [])
    let sizes = zip(Inks(plain).all, Inks(doubled).all).map {
      $1.text.font.size / $0.text.font.size
    }
    #expect(sizes.allSatisfy { abs($0 - 2) < 1e-9 })
  }

  @Test func titleAndSummaryAreTheCallers() {
    let scene = Samples.heatmap(Samples.tokens(3)).scene(in: Style())
    #expect(scene.title == Samples.caption.title)
    #expect(scene.summary == "A heatmap.")
  }

  @Test func goldens() throws {
    let masked = Samples.heatmap(Samples.tokens(3), .signed, mask: Samples.causal(3))
    #expect(try Goldens.difference("heatmap-masked.txt", masked.scene(in: Style()).text) == nil)
    let words = Samples.heatmap([
      TokenLabel("un", word: 1), TokenLabel("do", word: 1), TokenLabel("!", kind: .punctuation),
    ])
    #expect(try Goldens.difference("heatmap-pieces.txt", words.scene(in: style(60)).text) == nil)
  }
}
