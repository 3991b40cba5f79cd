import Figures
import TestSupport
import Testing

@Suite struct PreferenceTests {
  @Test(arguments: [1, 2, 30, 900], Samples.widths)
  func textsKeepTheirDistance(_ pairs: Int, _ width: Double?) {
    for (policies, links) in [(0, 0), (1, 1), (5, 4), (0, 3)] {
      for theme in [Theme.paper, .dark] {
        var style = Samples.style(width)
        style.theme = theme
        let figure = AlignmentSamples.preference(pairs: pairs, policies: policies, links: links)
        #expect(violations(figure, style) == [], "\(policies), \(links)")
      }
    }
  }

  /// Equal scores, scores far from 0 and margins far apart are drawn as well.
  @Test(arguments: [
    [(0.0, 0.0)], [(3, 3), (3, 3)], [(1000, 1001), (1002, 1000)], [(1e6, -1e6), (0, 1)],
  ])
  func scoresOfAnySize(_ scores: [(Double, Double)]) {
    let figure = Preference(
      caption: Samples.caption,
      pairs: scores.map { .init(preferred: $0.0, rejected: $0.1) }, bins: [], links: [])
    for width in Samples.widths {
      #expect(violations(figure, Samples.style(width)) == [])
      #expect(!figure.scene(in: Samples.style(width)).text.contains("nan"))
    }
  }

  /// Both sides of the diagonal are counted, and an equal score is not a right one.
  @Test func countsBothSides() {
    let pairs: [Preference.Pair] = [
      .init(preferred: 1, rejected: 0), .init(preferred: 2, rejected: 1),
      .init(preferred: 0, rejected: 3), .init(preferred: 1, rejected: 1),
      .init(preferred: 5, rejected: -1),
    ]
    let figure = Preference(caption: Samples.caption, pairs: pairs, bins: [], links: [])
    #expect(figure.right == 3)
    let words = Inks(figure.scene(in: Style())).strings
    #expect(words.contains("3 right") && words.contains("2 wrong"))
  }

  /// The loss in the words is the mean of −ln σ(Δ): of margins 0 and ln 3 it is (ln 2 + ln 4/3)/2.
  @Test func statesTheLoss() {
    let pairs: [Preference.Pair] = [
      .init(preferred: 0, rejected: 0), .init(preferred: 1.0986122887, rejected: 0),
    ]
    let figure = Preference(caption: Samples.caption, pairs: pairs, bins: [], links: [])
    let words = Inks(figure.scene(in: Style())).strings.joined(separator: " ")
    #expect(words.contains("0.490"), "\(words)")
  }

  @Test func goldens() throws {
    let figure = AlignmentSamples.preference(pairs: 8, policies: 2, links: 2)
    #expect(try Goldens.difference("preference.txt", figure.scene(in: Style()).text) == nil)
  }
}
