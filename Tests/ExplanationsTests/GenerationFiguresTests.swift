import Explanations
import Figures
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct GenerationFiguresOfRunTests {
  let model: Model
  static let text = "The cat didn't cross"

  init() throws { model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2") }

  func told(_ settings: Generation.Settings) throws -> ToldGeneration {
    let encoding = try model.tokenizer.encode(Self.text)
    var pass = Pass(recording: .nothing, logits: .last)
    let generation = try model.generate(after: encoding.ids, settings, &pass)
    let run = model.run(of: generation, after: encoding, text: Self.text, pass)
    return ToldGeneration(
      generation, run: run, prompt: Self.text, written: model.tokenizer.decode(generation.ids)
    ) { [tokenizer = model.tokenizer] in
      tokenizer.display(id: $0)
    }
  }

  /// −ln of the plain softmax of the row before, with the system's functions.
  @Test func surpriseIsMinusLogP() throws {
    let run = try model.run(Self.text)
    let figure = try Surprise(of: run) { model.tokenizer.display(id: $0) }
    #expect(figure.positions.count == run.count && figure.positions[0].prediction == nil)
    let logits = try #require(run.trace[.logits])
    for index in 1..<run.count {
      let row = logits.slice(index - 1).numbers.map(Double.init)
      let top = row.max() ?? 0
      let sum = row.reduce(0) { $0 + exp($1 - top) }
      let z = row[run.encoding.ids[index]]
      let found = try #require(figure.positions[index].prediction)
      #expect(abs(found.surprise - (log(sum) - (z - top))) < 1e-10)
      #expect(found.rank == 1 + row.filter { $0 > z }.count)
      #expect(abs(found.expected.probability - 1 / sum) < 1e-12)
    }
  }

  @Test func surpriseNeedsADecoder() throws {
    let bert = try Model(folder: Fixtures.folder + "/models/bert", name: "bert")
    let run = try bert.run(Self.text)
    let error = #expect(throws: ModelError.self) {
      try Surprise(of: run) { bert.tokenizer.display(id: $0) }
    }
    #expect(error?.kind == .noSuchPlace)
  }

  /// What a row reads is what the row before wrote, and every line is a whole distribution.
  @Test func theRibbonReadsWhatItWrote() throws {
    let told = try told(.greedy(count: 6, ignoresEnd: true))
    let ribbon = Ribbon(told)
    #expect(ribbon.prompt.count == told.generation.prompt.count)
    #expect(ribbon.steps.count == 6 && ribbon.ending == .limit)
    for (step, next) in zip(ribbon.steps, ribbon.steps.dropFirst()) {
      #expect(next.row == step.row + 1)
      #expect(next.read.text == step.written.text)
    }
    for step in ribbon.steps {
      let whole = step.runnersUp.reduce(step.probability + step.othersMass) { $0 + $1.probability }
      #expect(abs(whole - 1) < 1e-9)
      #expect(1 + step.runnersUp.count + step.othersCount == model.configuration.vocabulary)
      #expect(step.rank == 1 && step.temperature == nil && step.sampledProbability == nil)
    }
  }

  @Test func aScheduleStandsBesideEveryStep() throws {
    let schedule = try #require(Schedule(.linear, from: 2, to: 0.5))
    let told = try told(.init(schedule: schedule, seed: 3, count: 4, ignoresEnd: true))
    let ribbon = Ribbon(told)
    #expect(ribbon.steps.map(\.temperature) == [2, 1.5, 1, 0.5])
    #expect(ribbon.steps.allSatisfy { $0.sampledProbability != nil })
    let annealing = Annealing(told)
    #expect(annealing.steps.map(\.temperature) == [2, 1.5, 1, 0.5])
    for (step, own) in zip(annealing.steps, told.generation.steps) {
      #expect(step.ownEntropy == own.entropy && step.entropy == own.choice.entropy)
      #expect(step.probability == own.choice.probability)
    }
    // At τ = 1 and without filters, what was drawn from is the model's own.
    #expect(abs(annealing.steps[2].entropy - annealing.steps[2].ownEntropy) < 1e-12)
  }
}
