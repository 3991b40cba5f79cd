import Figures
import TestSupport
import Testing

@Suite struct FeedbackLoopTests {
  @Test(arguments: [true, false], Samples.widths)
  func textsKeepTheirDistance(_ isLong: Bool, _ width: Double?) {
    for theme in [Theme.paper, .dark] {
      var style = Samples.style(width)
      style.theme = theme
      #expect(violations(AlignmentSamples.feedbackLoop(isLong: isLong), style) == [])
    }
    // A figure without facts is a diagram still.
    let empty = FeedbackLoop(caption: Samples.caption, facts: [:], numbers: [:])
    #expect(violations(empty, Samples.style(width)) == [])
  }

  /// The three steps and every number are there, wide and narrow.
  @Test(arguments: [nil, 89.0]) func saysEveryNumber(_ width: Double?) {
    let figure = AlignmentSamples.feedbackLoop()
    let words = Inks(figure.scene(in: Samples.style(width))).strings.joined(separator: " ")
    for number in [
      "0.83", "1.20", "0.71", "0.55", ".31", "384 tokens", ".93–1.08", "3.1 % clipped",
    ] {
      #expect(words.contains(number), "\(number)")
    }
    for step in ["A model that can write", "learned from pairs", "pushed, and held"] {
      #expect(words.contains(step), "\(step)")
    }
  }

  @Test func goldens() throws {
    let figure = AlignmentSamples.feedbackLoop()
    #expect(try Goldens.difference("rlhf.txt", figure.scene(in: Style()).text) == nil)
  }
}
