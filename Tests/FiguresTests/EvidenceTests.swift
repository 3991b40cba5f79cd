import Figures
import TestSupport
import Testing

@Suite struct EvidenceTests {
  static func figure(_ tokens: [TokenLabel], heads: Int = 8, rests: Set<Int> = [0]) -> Evidence {
    let count = tokens.count
    let names: [[Inline]] = [
      ["raw attention"],
      [.formula(.row([.word("‖"), .variable("a"), .variable("v"), .word("‖")]))],
      ["rollout"], ["gradient × input"], ["attention × gradient"], ["measured: removed"],
    ]
    let measures = names.enumerated().map { place, name -> Evidence.Measure in
      let values =
        place < 3
        ? Samples.shares(1, count, seed: place + 1).map(Double.init)
        : Samples.scores(1, count, size: place == 5 ? 30 : 0.1 * Double(place)).map {
          Double($0) * (place == 4 ? -1 : 1)
        }
      return Evidence.Measure(
        name, values: values, isSigned: place > 2,
        agreement: place == 5
          ? nil
          : .init(
            correlation: place == 2 ? nil : -0.9 + 0.4 * Double(place), ordinary: 0.004,
            hasSameTop: place == 1, sameSigns: place > 2 ? count / 2 : nil))
    }
    return Evidence(
      caption: Caption(
        title: "Raw attention and removal disagree: ρ = −.90", subtitle: ["a model · y = ln p"],
        notes: [["A note."]], provenance: ["a model on “a text”"]),
      tokens: tokens, rests: rests, measures: measures,
      heads: (0..<heads).map {
        Evidence.Head("L\($0)H\(11 - $0)", effect: (1.7 - 0.4 * Double($0)))
      }, headsName: "Heads switched off one by one: the \(heads) of 270 with the largest effect")
  }

  @Test(arguments: [1, 3, 11, 60], GenerationFiguresTests.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for heads in [0, 1, 8] {
      let figure = Self.figure(Samples.tokens(count), heads: heads)
      #expect(violations(figure, GenerationFiguresTests.style(width)) == [], "\(heads)")
    }
  }

  @Test(arguments: [Theme.paper, .light, .dark], [nil, 89.0])
  func unicodeCanBeRead(_ theme: Theme, _ width: Double?) {
    let figure = Self.figure(Samples.unicode, rests: [0, 9])
    let style = GenerationFiguresTests.style(width, theme)
    #expect(violations(figure, style) == [])
    let pale = Grounds(figure.scene(in: style), theme).all
      .filter { $0.text.color.contrast(with: $0.ground) < 4.5 }
    #expect(pale.map(\.text.string) == [])
  }

  /// Bars of a column are on one scale, as long as their numbers, to the left of 0 where negative.
  @Test func barsAreAsLongAsTheirNumbers() {
    let figure = Self.figure(Samples.tokens(7), rests: [])
    for (place, measure) in figure.measures.enumerated() {
      let marks = part("measure-\(place)", of: figure.scene(in: Style()))
      let bars = rectangles(marks).map { ($0.frame, $0.color) }
      #expect(bars.count == 7)
      let scales = zip(bars, measure.values).map { $0.0.0.size.width / $0.1.magnitude }
      for scale in scales { #expect(abs(scale / scales[0] - 1) < 1e-9) }
      let zeros = zip(bars, measure.values).map { $1 < 0 ? $0.0.maxX : $0.0.minX }
      for zero in zeros { #expect(abs(zero - zeros[0]) < 1e-9) }
      for (bar, value) in zip(bars, measure.values) {
        #expect(bar.1 == (value < 0 ? Theme.paper.warn : Theme.paper.accent))
      }
    }
  }

  @Test func restsAreGreyAndSaid() {
    let figure = Self.figure(Samples.tokens(5), rests: [0, 3])
    let scene = figure.scene(in: Style())
    let bars = rectangles(part("measure-0", of: scene))
    #expect(bars.map { $0.color == Theme.paper.secondary } == [true, false, false, true, false])
    let strings = Inks(scene).strings
    #expect(strings.contains("ρ, all 5") && strings.contains("ρ, without grey 3"))
    #expect(strings.joined(separator: " ").contains("special tokens and sinks"))
    let none = Inks(Self.figure(Samples.tokens(5), rests: []).scene(in: Style())).strings
    #expect(!none.contains { $0.contains("grey") || $0.contains("Grey") })
  }

  /// The largest number of every column is bold, and no other.
  @Test func theLargestNumberIsBold() {
    let figure = Self.figure(Samples.tokens(9))
    for (place, measure) in figure.measures.enumerated() {
      let texts = part("measure-\(place)", of: figure.scene(in: Style())).compactMap {
        mark -> Text? in
        if case .text(let text) = mark { text } else { nil }
      }
      let bold = texts.indices.filter { texts[$0].font.weight == .semibold }
      let largest = measure.values.map(\.magnitude).max()
      #expect(bold.count == 1 && measure.values[bold[0]].magnitude == largest)
    }
  }

  @Test func numbersAreHonest() {
    #expect(Evidence.nats(2.314) == "+2.31" && Evidence.nats(-0.04) == "−.04")
    #expect(Evidence.nats(0.004) == "<.01" && Evidence.nats(-0.004) == ">−.01")
    #expect(Evidence.nats(0) == "0" && Evidence.nats(0.997) == "+1.00")
    #expect(Evidence.nats(.infinity) == "∞" && Evidence.nats(-1234) == "−1,234")
    #expect(Evidence.correlation(1) == "1" && Evidence.correlation(-1) == "−1")
    #expect(Evidence.correlation(0.999) == ">.99" && Evidence.correlation(-0.999) == "<−.99")
    #expect(Evidence.correlation(-0.12) == "−.12" && Evidence.correlation(nil) == "–")
    #expect(Evidence.correlation(0) == "0" && Evidence.correlation(-0.001) == ">−.01")
  }

  @Test func numbersThatAreNoneHaveNoBars() {
    var figure = Self.figure(Samples.tokens(3))
    figure.measures[5].values = [.infinity, .nan, 0.5]
    figure.heads[0].effect = .infinity
    #expect(violations(figure, Style()) == [])
    #expect(rectangles(part("measure-5", of: figure.scene(in: Style()))).count == 1)
  }

  @Test func describesItself() {
    let summary = Self.figure(Samples.tokens(3)).scene(in: Style()).summary
    #expect(summary.contains("3 tokens") && summary.contains("raw attention"))
    #expect(summary.contains("L0H11 +1.70") && summary.contains("−.90"))
  }

  @Test func goldens() throws {
    let scene = Self.figure(Samples.tokens(4), heads: 3).scene(in: Style())
    #expect(try Goldens.difference("evidence.txt", scene.text) == nil)
  }
}
