import Explanations
import Figures
import Files
import TestSupport
import Testing
import Tokenization
import Transformers

/// The figure of a training run shows the numbers of its log.
@Suite struct LearningOfModelTests {
  private static let text = "the cat"

  /// A copy of a model with a log of three steps and two looks, in which L1H2 changes most.
  private func withModel(
    _ name: String = "gpt2", _ change: (inout [JSON.Member]) -> Void = { _ in },
    _ body: (Model, JSON) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let source = Fixtures.folder + "/models/" + name
      for file in ["config.json", "model.safetensors", "tokenizer.json"] {
        try writeFile(folder + "/" + file, try readFile(source + "/" + file))
      }
      let model = try Model(folder: folder, name: name)
      let ids = try model.tokenizer.encode(Self.text).ids
      var members = try #require(Self.log(ids, model.configuration).members)
      change(&members)
      let log = JSON.object(members)
      try writeFile(folder + "/learning.json", log.text())
      try body(model, log)
    }
  }

  private static func log(_ ids: [Int], _ shape: Configuration) -> JSON {
    let count = ids.count
    func layer(_ layer: Int, _ last: Bool) -> JSON {
      .array(
        (0..<shape.heads * count * count).map { place in
          let isTold = last && layer == 1 && place / (count * count) == 2
          return .number(isTold ? (place % count == 0 ? 1 : 0) : 0.25)
        })
    }
    func moment(_ last: Bool) -> JSON {
      .array((0..<shape.layers).map { layer($0, last) })
    }
    return [
      "settings": ["batch": 7, "seed": 3], "step": [1, 2, 3], "loss": [5.5, 4.25, 3.125],
      "learning_rate": [0.1, 0.2, 0.1], "gradient_norm": [1, 2, 3],
      "validation_step": [2, 3], "validation_loss": [4.5, 3.75],
      "new_model": [
        "stack": ["", ""], "layer": [0, 1], "gradient_norm": [0.5, 0.25],
        "without_residuals": [2, 1], "without_residuals_and_norms": [1e-8, 1e-3],
      ],
      "watched": [
        "text": .string(text), "ids": .array(ids.map(JSON.integer)), "step": [0, 3],
        "weights": [moment(false), moment(true)],
      ],
    ]
  }

  @Test func showsTheNumbersOfTheLog() throws {
    try withModel { model, log in
      let figure = try Learning(of: model, digest: nil)
      #expect(figure.training.map(\.step) == [1, 2, 3])
      #expect(figure.training.map(\.loss) == [5.5, 4.25, 3.125])
      #expect(figure.validation == [.init(step: 2, loss: 4.5), .init(step: 3, loss: 3.75)])
      #expect(figure.vocabulary == model.configuration.vocabulary)
      #expect(
        figure.blocks == [
          .init(name: "0", norm: 0.5, withoutResiduals: 2, withoutBoth: 1e-8),
          .init(name: "1", norm: 0.25, withoutResiduals: 1, withoutBoth: 1e-3),
        ])
      #expect(figure.caption.title.contains("4.50 to 3.75"))
      let notes = figure.caption.notes.flatMap(\.self).map { "\($0)" }.joined()
      #expect(notes.contains("by a factor of 2.00; without residual connections of 2.00"))
      #expect(notes.contains("1.0·10⁻⁵"))
    }
  }

  @Test func showsTheHeadThatChangedMost() throws {
    try withModel { model, log in
      let maps = try #require(try Learning(of: model, digest: nil).maps)
      #expect(maps.head == "L1H2")
      let count = maps.tokens.count
      #expect(maps.moments.map(\.step) == [0, 3])
      let all = log["watched"]?["weights"]?[1]?[1]?.elements?.compactMap(\.number) ?? []
      let head = all[2 * count * count..<3 * count * count].map { Float($0) }
      #expect(maps.moments[1].weights == head)
      #expect(maps.mask?[1] == true && maps.mask?[0] == false)
      let other = try #require(try Learning(of: model, digest: nil, layer: 0, head: 1).maps)
      #expect(other.head == "L0H1" && Set(other.moments[1].weights) == [0.25])
    }
    try withModel("bert") { model, _ in
      let maps = try #require(try Learning(of: model, digest: nil).maps)
      #expect(maps.mask == nil)
    }
  }

  @Test func drawsWhatThereIs() throws {
    try withModel("gpt2", { $0.removeAll { ["watched", "new_model"].contains($0.key) } }) {
      model, _ in
      let figure = try Learning(of: model, digest: nil)
      #expect(figure.maps == nil && figure.blocks.isEmpty)
      let error = #expect(throws: ModelError.self) {
        try Learning(of: model, digest: nil, layer: 0, head: 0)
      }
      #expect(error?.description.contains("--watch") == true)
    }
  }

  @Test func saysWhatIsMissingOrBroken() throws {
    let plain = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    let none = fileError { _ = try Learning(of: plain, digest: nil) }
    #expect(none?.kind == .notFound && none?.path.hasSuffix("gpt2/learning.json") == true)
    try withModel { model, _ in
      #expect(throws: ModelError.self) { try Learning(of: model, digest: nil, layer: 9, head: 0) }
    }
    // Weights of one layer only.
    try withModel(
      "gpt2",
      { members in
        guard let place = members.firstIndex(where: { $0.key == "watched" }) else { return }
        members[place].value = [
          "text": "a", "ids": [1], "step": [0], "weights": [[[1, 1, 1, 1]]],
        ]
      }
    ) { model, _ in
      #expect(fileError { _ = try Learning(of: model, digest: nil) }?.kind == .badData)
    }
  }
}
