import Figures
import TestSupport
import Testing

/// Three attentions on one sheet, and the rows of one of them beside a ribbon.
@Suite struct TranslationTests {
  static let sizes = [[1, 1], [2, 1], [1, 5], [10, 8], [23, 40], [60, 60], [3, 120]]
  static let widths: [Double?] = [nil, 60, 89, 183]

  static func sheet(_ source: Int, _ target: Int) -> Translation {
    let (from, to) = (Samples.tokens(source), (0..<target).map(GenerationSamples.token))
    func panel(_ name: String, _ short: String, _ rows: Int, _ columns: Int) -> Translation.Panel {
      Translation.Panel(
        name: name, shortName: short, head: "L1H2", values: Samples.shares(rows, columns),
        mask: rows == columns && short == "Decoder" ? Samples.causal(rows) : nil,
        focus: min(1, rows - 1))
    }
    return Translation(
      caption: GenerationSamples.caption, source: from, target: to,
      encoder: panel("Encoder self-attention", "Encoder", source, source),
      decoder: panel("Masked decoder self-attention", "Decoder", target, target),
      cross: panel("Cross-attention", "Cross", target, source))
  }

  static func ribbon(_ source: Int, steps: Int) -> Ribbon {
    let plain = GenerationSamples.ribbon(prompt: 1, steps: steps)
    return Ribbon(
      caption: plain.caption, prompt: plain.prompt, steps: plain.steps, ending: .limit,
      source: Ribbon.Source(
        name: "cross-attention L0H3", tokens: Samples.tokens(source),
        weights: Samples.shares(steps, source)))
  }

  @Test(arguments: sizes, widths) func textsKeepTheirDistance(_ size: [Int], _ width: Double?) {
    let style = GenerationFiguresTests.style(width)
    #expect(violations(Self.sheet(size[0], size[1]), style) == [])
  }

  @Test(arguments: [1, 3, 12, 34, 120], widths)
  func ribbonsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for steps in [1, 9] {
      let ribbon = Self.ribbon(count, steps: steps)
      #expect(violations(ribbon, GenerationFiguresTests.style(width)) == [], "\(steps) steps")
    }
  }

  @Test(arguments: [Theme.paper, .light, .dark], [nil, 89.0])
  func wordsCanBeRead(_ theme: Theme, _ width: Double?) {
    for figure in [Self.sheet(10, 8), Self.ribbon(12, steps: 5)] as [any Figure] {
      let style = GenerationFiguresTests.style(width, theme)
      let pale = Grounds(figure.scene(in: style), theme).all
        .filter { $0.text.color.contrast(with: $0.ground) < 4.5 }
      #expect(pale.map(\.text.string) == [], "\(type(of: figure).name)")
    }
  }

  /// Source tokens stand under each other, target tokens side by side.
  @Test(arguments: [nil, 89, 183] as [Double?]) func sharedAxesAlign(_ width: Double?) throws {
    let sheet = Self.sheet(10, 8)
    let scene = sheet.scene(in: GenerationFiguresTests.style(width))
    let encoder = try #require(frame(of: part("encoder", of: scene)))
    let decoder = try #require(frame(of: part("decoder", of: scene)))
    let cross = try #require(frame(of: part("cross", of: scene)))
    #expect(abs(encoder.minX - cross.minX) < 0.6 && abs(encoder.maxX - cross.maxX) < 0.6)
    #expect(abs(decoder.minY - cross.minY) < 0.6 && abs(decoder.maxY - cross.maxY) < 0.6)
    #expect(decoder.maxX < cross.minX && encoder.maxY < cross.minY)
  }

  /// Where cells are: of the image, or of the plate under them.
  private func frame(of marks: [Mark]) -> Rectangle? {
    for case .image(let image) in marks { return image.frame }
    return rectangles(marks).first?.frame
  }

  /// Every number in a cell is one of the values, rounded; what is masked has none.
  @Test func numbersAreTheValues() {
    let sheet = Self.sheet(4, 3)
    let strings = Inks(sheet.scene(in: Style())).strings
    let expected = [sheet.encoder, sheet.decoder, sheet.cross].reduce(0) { sum, panel in
      sum
        + panel.values.indices.filter { index in
          panel.mask?[index] != true && panel.values[index] >= 0.005
        }.count
    }
    let numbers = strings.filter { $0.hasPrefix(".") && $0.count == 3 || $0 == "1" || $0 == "0" }
    // Ticks of the legend besides, 0, .25, .75 and 1, and what is masked: a = 0.
    #expect(numbers.count == expected + 5)
  }

  @Test func thinningAndShortNamesAreUsed() {
    let strings = Inks(Self.sheet(60, 60).scene(in: GenerationFiguresTests.style(60))).strings
    #expect(strings.joined(separator: " ").contains("labels every"))
    #expect(strings.contains("Decoder") && !strings.contains("Masked decoder self-attention"))
  }

  @Test func theSummaryIsWrittenFromTheNumbers() {
    let sheet = Translation(
      caption: Caption(title: "T"), source: [TokenLabel("a"), TokenLabel("b")],
      target: [TokenLabel("x")],
      encoder: .init(name: "E", shortName: "E", head: "L0H0", values: [1, 0, 0.5, 0.5]),
      decoder: .init(name: "D", shortName: "D", head: "L0H1", values: [1]),
      cross: .init(name: "C", shortName: "C", head: "L2H0", values: [0.25, 0.75]))
    let summary = sheet.scene(in: Style()).summary
    #expect(summary.contains("x at b .75") && summary.contains("C L2H0"))
    #expect(summary.contains("2 source tokens") && summary.contains("1 target tokens"))
  }

  @Test func goldens() throws {
    let sheet = Self.sheet(4, 3).scene(in: Style())
    #expect(try Goldens.difference("translation.txt", sheet.text) == nil)
    let narrow = Self.ribbon(5, steps: 2).scene(in: GenerationFiguresTests.style(89, .dark))
    #expect(try Goldens.difference("ribbon-source.txt", narrow.text) == nil)
  }
}
