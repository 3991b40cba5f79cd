import Figures
import TestSupport
import Testing

@Suite struct RibbonTests {
  /// A step whose shares can be checked by hand: ½, ¼, ⅛ and ⅛ in the rest.
  private func step(isEnd: Bool = false) -> Ribbon.Step {
    Ribbon.Step(
      row: 4, read: TokenLabel("␣is"), written: TokenLabel("␣Paris"), probability: 0.5, rank: 1,
      entropy: 1.2130,
      runnersUp: [
        TokenProbability(TokenLabel("␣the"), 0.25), TokenProbability(TokenLabel("\n"), 0.125),
      ], othersCount: 997, othersMass: 0.125, isEnd: isEnd)
  }

  private func ribbon(_ steps: [Ribbon.Step], ending: Ribbon.Ending = .limit) -> Ribbon {
    Ribbon(
      caption: Caption(title: "Ribbon"), prompt: [TokenLabel("The")], steps: steps, ending: ending)
  }

  private func strings(_ ribbon: Ribbon, _ width: Double? = nil) -> [String] {
    Inks(ribbon.scene(in: GenerationFiguresTests.style(width))).strings
  }

  @Test(arguments: [nil, 89.0]) func partsAddUpToTheWholeBar(_ width: Double?) {
    let style = GenerationFiguresTests.style(width)
    let bars = rectangles(part("row-4", of: ribbon([step()]).scene(in: style)))
    let whole = (bars.last?.frame.maxX ?? 0) - (bars.first?.frame.minX ?? 0)
    // Where each part starts is the sum of all before it.
    let starts = bars.map { ($0.frame.minX - bars[0].frame.minX) / whole }
    #expect(starts.count == 4)
    #expect(zip(starts, [0, 0.5, 0.75, 0.875]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(bars[0].color == style.theme.accent)
    for (part, next) in zip(bars, bars.dropFirst()) {
      let gap = next.frame.minX - part.frame.maxX
      #expect(gap > 0 && gap <= 0.5 + 1e-9)
    }
  }

  @Test func barsOfAnySharesStayInside() {
    let scene = GenerationSamples.ribbon(steps: 40).scene(in: Style())
    let whole = rectangles(part("row-4", of: scene))
    for index in 0..<40 {
      let bars = rectangles(part("row-\(index + 4)", of: scene))
      let (start, end) = (bars.first?.frame.minX ?? 0, bars.last?.frame.maxX ?? 0)
      #expect(bars.allSatisfy { $0.frame.size.width >= 0 })
      #expect(abs(start - (whole.first?.frame.minX ?? -1)) < 1e-9)
      #expect(abs(end - (whole.last?.frame.maxX ?? -1)) < 0.06)
    }
  }

  @Test func everyPromptTokenStandsWithItsPosition() {
    let ribbon = GenerationSamples.ribbon(prompt: 300, steps: 1)
    let shown = Inks(ribbon.scene(in: GenerationFiguresTests.style(89))).strings
    for position in 0..<300 { #expect(shown.contains("\(position)")) }
  }

  @Test func ranksBelowTheFirstWarn() {
    var second = step()
    (second.rank, second.row) = (26, 5)
    let scene = ribbon([step(), second]).scene(in: Style())
    let ranks = Inks(scene).all.filter { ["1", "26"].contains($0.text.string) }
    #expect(ranks.contains { $0.text.string == "26" && $0.text.color == Theme.paper.warn })
    #expect(!ranks.contains { $0.text.string == "1" && $0.text.color == Theme.paper.warn })
    #expect(strings(ribbon([step()])).joined(separator: " ").contains("red") == false)
  }

  @Test func theEndIsMarkedAndSaid() {
    let text = strings(ribbon([step(isEnd: true)], ending: .endToken)).joined(separator: " ")
    #expect(text.contains("ended by ␣Paris") && text.contains("Double line"))
    #expect(strings(ribbon([step()])).contains("stopped at the limit of 1 token"))
    #expect(strings(ribbon([step()], ending: .context)).contains { $0.hasPrefix("stopped:") })
  }

  @Test func narrowRibbonsSayWhatTheyLeaveOut() {
    let ribbon = GenerationSamples.ribbon(steps: 3, isTempered: true)
    #expect(strings(ribbon, 183).contains("reads"))
    let narrow = strings(ribbon, 60)
    #expect(!narrow.contains("reads"))
    let notes = narrow.joined(separator: " ")
    #expect(notes.contains("written in the line above"))
    #expect(narrow.contains("entropy") != notes.contains("No room for:"))
  }

  @Test func sumsOfOthersAreNeverRoundedToAnEnd() {
    var crowded = step()
    (crowded.probability, crowded.runnersUp, crowded.othersMass) = (0.001, [], 0.999)
    crowded.othersCount = 999
    #expect(strings(ribbon([crowded])).contains(">0.99 in 999 others"))
  }

  @Test func goldens() throws {
    let wide = GenerationSamples.ribbon(prompt: 3, steps: 2, ending: .endToken)
    #expect(try Goldens.difference("ribbon.txt", wide.scene(in: Style()).text) == nil)
    let narrow = GenerationSamples.ribbon(prompt: 3, steps: 2, isTempered: true)
      .scene(in: GenerationFiguresTests.style(89, .dark))
    #expect(try Goldens.difference("ribbon-narrow.txt", narrow.text) == nil)
  }
}
