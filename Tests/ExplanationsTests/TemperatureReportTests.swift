import Explanations
import Figures
import Files
import Foundation
import TestSupport
import Tensors
import Testing
import Tokenization
import Transformers

@Suite struct TemperatureReportTests {
  let model: Model
  let run: Run
  static let text = "The cat didn't cross the river."

  init() throws {
    model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    run = try model.run(Self.text)
  }

  func subject(_ place: RunDistribution.Place) throws -> RunDistribution {
    try RunDistribution(place, of: run) { [tokenizer = model.tokenizer] in tokenizer.display(id: $0)
    }
  }

  /// The softmax of the recorded logits, with the system's exponential.
  @Test(arguments: [0.5, 1, 2])
  func theOutputIsTheSoftmaxOfTheLogits(tau: Double) throws {
    let row = run.count - 1
    let report = TemperatureReport(try subject(.output(row: row)), at: [tau], showing: 5)
    let logits = try #require(run.trace[.logits]).slice(row).numbers.map(Double.init)
    let powers = logits.map { exp($0 / tau) }
    let sum = powers.reduce(0, +)
    let order = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
    #expect(report.states == Array(order.prefix(5)))
    for (state, probability) in zip(report.states, report.lines[0].probabilities) {
      #expect(abs(probability - powers[state] / sum) < 1e-12)
    }
    let shown = report.lines[0].probabilities.reduce(0, +)
    #expect(abs(shown + report.lines[0].rest - 1) < 1e-12)
    #expect(report.others == logits.count - 5)
  }

  /// A head's row is the recorded one at τ = 1, and keys that the mask hides are no states.
  @Test func aHeadsRowIsTheRecordedOne() throws {
    let report = TemperatureReport(
      try subject(.head(layer: 1, head: 2, row: 3)), at: [0, 1, .infinity], showing: 20)
    #expect(report.subject.distribution.support == 4)
    #expect(report.states.count == 4 && report.others == 0)
    let weights = try #require(run.trace[.weights, layer: 1, head: 2])
    for (key, probability) in zip(report.states, report.lines[1].probabilities) {
      #expect(abs(probability - Double(weights[3, key])) < 1e-6)
    }
    #expect(report.lines[0].probabilities == [1, 0, 0, 0])
    #expect(report.lines[2].probabilities == [0.25, 0.25, 0.25, 0.25])
    #expect(report.lines.map(\.rest) == [0, 0, 0])
    #expect(report.lines[0].perplexity == 1 && report.lines[2].perplexity == 4)
  }

  @Test func jsonHoldsOneEntryATemperature() throws {
    let taus = [0, 0.5, 1, .infinity]
    let json = TemperatureReport(try subject(.output(row: 2)), at: taus, showing: 7).json
    #expect(json["schema"] == "attnviz.temperature/1")
    #expect(json["tau"] == [0.0, 0.5, 1.0, "inf"])
    #expect(json["tokens"]?.elements?.count == 7)
    for key in ["probabilities", "rest", "entropy", "perplexity", "top_p_90", "mean_energy"] {
      #expect(json[key]?.elements?.count == 4, "\(key)")
    }

    // What is written can be read.
    let again = try JSON(parsing: Array(json.text().utf8), path: "json")
    #expect(again["tau"] == json["tau"])
    #expect(again["free_energy"]?.elements?.last == .null)
  }

  @Test func freeEnergyAgreesWithTheEntropySummedOnItsOwn() throws {
    let report = TemperatureReport(
      try subject(.output(row: 0)), at: [0, 0.01, 1, 100, .infinity], showing: 3)
    #expect(report.freeEnergyError < 1e-12)
  }

  @Test func refusesRowsThatDoNotExist() throws {
    for place in [
      RunDistribution.Place.output(row: 99), .output(row: -1), .head(layer: 0, head: 0, row: 50),
      .head(layer: 9, head: 0, row: 0), .head(layer: 0, head: 9, row: 0),
    ] {
      let error = #expect(throws: ModelError.self) { try subject(place) }
      #expect(error?.kind == .noSuchPlace)
    }
  }

  /// Every figure of a distribution, of the output and of a head, at one and at many temperatures.
  @Test(arguments: [
    RunDistribution.Place.output(row: 4), .head(layer: 0, head: 1, row: 0),
    .head(layer: 1, head: 0, row: 5),
  ])
  func everyFigureCanBeDrawn(place: RunDistribution.Place) throws {
    let subject = try subject(place)
    for taus in [[1], [0, 0.5, 1, 2, .infinity], [0.1, 0.2, 0.4, 0.8, 1, 1.5, 3, 7, 20]] {
      let figures: [any Figure] = [
        Tempering(subject, at: taus), DensityCurves(subject, at: taus), EntropyCurve(subject),
        GibbsCurves(subject),
      ]
      for figure in figures {
        let scene = figure.scene(in: Style())
        #expect(scene.size.width > 0 && scene.summary.count > 20)
      }
    }
  }
}
