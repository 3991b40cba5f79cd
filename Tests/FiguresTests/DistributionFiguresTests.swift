import Figures
import Testing

/// What every figure of a distribution keeps, whatever the distribution.
@Suite struct DistributionFiguresTests {
  static let widths: [Double?] = [nil, 60, 89, 183]

  private func style(_ width: Double?, _ theme: Theme = .paper, scale: Double = 1) -> Style {
    Style(theme: theme, scale: scale, width: width.map { .millimetres($0) })
  }

  @Test(arguments: DistributionSample.all.map(\.name), widths)
  func textsKeepTheirDistance(_ name: String, _ width: Double?) throws {
    let sample = try #require(DistributionSample.all.first { $0.name == name })
    for figure in sample.all {
      #expect(violations(figure, style(width)) == [], "\(type(of: figure).name)")
    }
  }

  @Test(
    arguments: [[1], [1, 2, 5], [0.5, 0.6, 0.8, 1, 1.2, 2, 3, 4, 5], [0.001], [1e4, 3e4]], widths)
  func speeds(_ values: [Double], _ width: Double?) {
    #expect(violations(MaxwellBoltzmann(widths: values), style(width)) == [])
  }

  @Test func slides() {
    for figure in DistributionSample.all[0].all + [MaxwellBoltzmann()] {
      let (plain, doubled) = (figure.scene(in: style(nil)), figure.scene(in: style(nil, scale: 2)))
      #expect(doubled.size == Size(2 * plain.size.width, 2 * plain.size.height))
      #expect(violations(figure, style(nil, scale: 2)) == [])
    }
  }

  /// Every text has a contrast of 4.5 with what is under it: the paper, or the last area drawn
  /// before it that holds it.
  @Test(arguments: [Theme.paper, .light, .dark], [nil, 89.0])
  func wordsCanBeRead(_ theme: Theme, _ width: Double?) {
    for sample in DistributionSample.all {
      for figure in sample.all + [MaxwellBoltzmann()] {
        let pale = Grounds(figure.scene(in: style(width, theme)), theme).all
          .filter { $0.text.color.contrast(with: $0.ground) < 4.5 }
        #expect(pale.map(\.text.string) == [], "\(type(of: figure).name), \(sample.name)")
      }
    }
  }

  @Test(arguments: [nil, 89, 183] as [Double?])
  func everyCurveHasItsName(_ width: Double?) throws {
    let sample = try #require(DistributionSample.all.first { $0.name == "nine temperatures" })
    let names = sample.temperatures.map(NumberFormat.temperature)
    // Once over its bars, once beside its curve.
    let ranks = Inks(sample.tempering.scene(in: style(width))).strings
    for name in names { #expect(ranks.count { $0 == name } >= 2, "\(name)") }
    let widths = [0.5, 0.6, 0.8, 1, 1.2, 2, 3, 4, 5]
    let speeds = Inks(MaxwellBoltzmann(widths: widths).scene(in: style(width))).all
      .filter { $0.text.font.family == .formula }.map(\.text.string)
    for name in widths.map(NumberFormat.temperature) { #expect(speeds.contains(name), "\(name)") }
  }

  @Test func summariesAreWrittenFromTheNumbers() {
    for figure in DistributionSample.all[0].all + [MaxwellBoltzmann()] {
      #expect(figure.scene(in: Style()).summary.contains { $0.isNumber })
    }
    var figure = DistributionSample.all[0].tempering
    figure.caption.summary = "Mine."
    #expect(figure.scene(in: Style()).summary == "Mine.")
  }

  /// Nothing that a surface refuses: every position is finite.
  @Test func everyNumberIsFinite() {
    for sample in DistributionSample.all {
      for figure in sample.all {
        let text = figure.scene(in: style(89)).text
        #expect(!text.contains("nan") && !text.contains("inf"), "\(type(of: figure).name)")
      }
    }
  }
}
