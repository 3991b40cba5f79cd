import Figures
import TestSupport
import Testing

@Suite struct PolicyUpdateTests {
  @Test(arguments: [0, 1, 40, 3000], Samples.widths)
  func textsKeepTheirDistance(_ samples: Int, _ width: Double?) {
    for (steps, penalty, seeds) in [(1, 0.1, 1), (2, 0, 1), (40, 0.1, 1), (300, 1, 2)] {
      for theme in [Theme.paper, .dark] {
        var style = Samples.style(width)
        style.theme = theme
        let figure = AlignmentSamples.policyUpdate(
          samples: samples, steps: steps, penalty: penalty, seeds: seeds)
        #expect(violations(figure, style) == [], "\(steps), \(penalty), \(seeds)")
      }
    }
  }

  /// Equation 7 of Schulman et al. 2017 at points that are easily worked out: for A = 1 and −1 the
  /// smaller of ρA and clip(ρ, 0.8, 1.2)A.
  @Test(arguments: [
    (0.5, 0.5, -0.8), (0.8, 0.8, -0.8), (1, 1, -1), (1.2, 1.2, -1.2), (1.5, 1.2, -1.5),
  ])
  func theObjectiveIsClipped(_ ratio: Double, _ good: Double, _ bad: Double) {
    let figure = AlignmentSamples.policyUpdate(samples: 1, steps: 1)
    #expect(abs(figure.objective(ratio, isGood: true) - good) < 1e-12)
    #expect(abs(figure.objective(ratio, isGood: false) - bad) < 1e-12)
  }

  /// Shares outside the band, and tokens without a gradient, are counted on their side.
  @Test func bothSidesOfTheClip() {
    var figure = AlignmentSamples.policyUpdate(samples: 0, steps: 3)
    figure.bins = [
      .init(low: nil, high: 0.4, better: 1, worse: 1),
      .init(low: 0.4, high: 0.8, better: 2, worse: 3),
      .init(low: 0.8, high: 1.2, better: 20, worse: 30),
      .init(low: 1.2, high: 1.6, better: 5, worse: 7),
      .init(low: 1.6, high: nil, better: 11, worse: 0),
    ]
    let words = Inks(figure.scene(in: Style())).strings.joined(separator: " ")
    // 7 and 23 of 80 tokens.
    #expect(words.contains("8.8\u{A0}%") && words.contains("28.8\u{A0}%"), "\(words)")
    #expect(words.contains("nothing is learned from 16 of 39"))
    #expect(words.contains("nothing is learned from 4 of 41"))
    #expect(words.contains("everything beyond"))
  }

  /// Every run of the frontier has its penalty.
  @Test(arguments: [nil, 89.0]) func everyRunIsNamed(_ width: Double?) {
    let figure = AlignmentSamples.policyUpdate(samples: 9, steps: 9)
    let words = Inks(figure.scene(in: Samples.style(width))).strings
    for name in ["λ = 0", "λ = .05", "λ = .1", "λ = .3", "before"] {
      #expect(words.contains(name), "\(name)")
    }
  }

  /// What is not a number has no place, and breaks nothing.
  @Test func numbersThatCannotBeDrawn() {
    var figure = AlignmentSamples.policyUpdate(samples: 9, steps: 4)
    figure.steps[2].reward = .nan
    figure.runs[1].reward = .infinity
    let scene = figure.scene(in: Style())
    #expect(scene.size.height.isFinite && !scene.text.contains("nan"))
  }

  @Test func goldens() throws {
    let figure = AlignmentSamples.policyUpdate(samples: 6, steps: 3)
    #expect(try Goldens.difference("ppo.txt", figure.scene(in: Style()).text) == nil)
  }
}
