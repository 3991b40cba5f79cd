import Analysis
import Explanations
import Figures
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct EvidenceOfRunTests {
  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  private func evidence(_ name: String, _ text: String, token: Int? = nil) throws -> Evidence {
    let model = try model(name)
    return try Evidence(
      of: model.run(text), by: model.transformer, token: token,
      naming: { model.tokenizer.display(id: $0) })
  }

  private func words(_ figure: Evidence) -> String {
    let inlines =
      [.text(figure.caption.title)] + figure.caption.subtitle
      + figure.caption.notes.flatMap(\.self)
    return inlines.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: " ")
  }

  @Test(arguments: ["gpt2", "llama"], ["The cat didn't cross the river.", "a", "Café 猫は 👍🏽"])
  func decodersPredictAfterTheirLastToken(name: String, text: String) throws {
    let figure = try evidence(name, text)
    let model = try model(name)
    let count = try model.run(text).count
    #expect(figure.tokens.count == count && figure.measures.count == 6)
    #expect(figure.tokens.last?.isFocused == true)
    #expect(figure.heads.count == 8 && words(figure).contains("(row \(count - 1))"))
    #expect(words(figure).contains("leans to early tokens"))
    #expect(figure.scene(in: Style()).summary.contains("measured"))
  }

  /// What is told of a row is what is told of the text up to it.
  @Test func anEarlierRowSeesNothingLater() throws {
    let model = try model("gpt2")
    let long = try evidence("gpt2", "The cat didn't cross the river.", token: 2)
    #expect(long.tokens.count == 3 && words(long).contains("cannot be seen"))
    var run = try model.run("The cat didn't cross the river.")
    run.encoding.ids = Array(run.encoding.ids.prefix(3))
    run.encoding.typeIDs = Array(run.encoding.typeIDs.prefix(3))
    var pass = Pass()
    try model.transformer(run.encoding.ids, &pass)
    run.trace = pass.trace
    let short = try Removal.effects(
      of: (0..<3).map { .token($0) }, on: PredictedToken(of: run), in: run, by: model.transformer)
    for (a, b) in zip(long.measures[5].values, short) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func encodersPredictTheFirstMask() throws {
    let masked = try evidence("bert", "the cat [MASK] the river")
    let run = try model("bert").run("the cat [MASK] the river")
    let place = try #require(run.tokens.firstIndex { $0.raw == "[MASK]" })
    #expect(masked.tokens.firstIndex(where: \.isFocused) == place)
    #expect(masked.rests.isSuperset(of: [0, run.count - 1]))
    #expect(!words(masked).contains("leans") && words(masked).contains("in the place of"))
    let named = try evidence("bert", "the cat crossed the river", token: 1)
    #expect(named.tokens.firstIndex(where: \.isFocused) == 1)
  }

  @Test func whatCannotBeExplainedIsRefused() throws {
    for (name, text, token, part) in [
      ("bert", "the cat", nil, "[MASK]"), ("bert_base_model", "the cat", nil, "predicts no token"),
      ("gpt2", "the cat", 77, "no row 77"),
    ] as [(String, String, Int?, String)] {
      let error = #expect(throws: ModelError.self) {
        try evidence(name, text, token: token)
      }
      #expect(error?.description.contains(part) == true)
    }
  }

  /// The title's words follow ρ: nothing is said of very few tokens.
  @Test func theTitleFollowsTheNumber() throws {
    for text in ["a", "the cat", "The cat didn't cross the river.", "one two three four five six"] {
      for name in ["gpt2", "llama"] {
        let figure = try evidence(name, text)
        let (rho, title) = (figure.measures[0].agreement?.correlation, figure.caption.title)
        guard let rho else {
          #expect(!title.contains("ρ"))
          continue
        }
        let isEnough = figure.tokens.count >= 6
        #expect(title.contains(" disagree") == (isEnough && rho < 0.3), "\(title)")
        #expect(title.contains("in part") == (isEnough && rho >= 0.3 && rho < 0.7))
        #expect(title.contains("only") == (!isEnough || (rho >= 0.3 && rho < 0.7)))
      }
    }
  }

  @Test func explanationsOfWhatPredictsAskWhetherAttentionExplains() throws {
    let heading = "Does attention explain it?"
    for (name, text, has) in [
      ("gpt2", "The cat didn't cross the river.", true), ("bert", "the cat", false),
      ("bert", "the [MASK] sat", true), ("bert_base_model", "the [MASK] sat", false),
    ] {
      let (explanation, run) = try ExplainerTests.explain(name, text)
      let section = explanation.sections.first { $0.heading == heading }
      #expect((section != nil) == has, "\(name)")
      guard section != nil else { continue }
      let figure = try #require(
        explanation.figures.first { $0.name == "evidence" }?.figure as? Evidence)
      #expect(figure.heads.isEmpty && figure.tokens.count == run.count)
      let rho = figure.measures[0].agreement?.correlation
      let sentence = try #require(
        explanation.sentences.first { $0.text.contains("rank correlation") })
      #expect(sentence.text.contains("ρ = \(Evidence.correlation(rho))"))
      #expect(sentence.text.contains("disagree") == ((rho ?? 1) < 0.3))
    }
  }
}
