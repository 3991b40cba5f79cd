import Files
import TensorFiles
import TestSupport
import Testing
import Training
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import Tensors

/// Gradients and losses against what torch computed: see Fixtures/gradients/make.py.
@Suite struct TorchTests {
  static let folder = Fixtures.folder + "/gradients"

  static let models: [String] =
    (try? Fixtures.json(folder + "/projections.json"))?["models"]?.members?.map(\.key) ?? []

  /// Rows and columns summed up with the weights cos(i + 1), and the norm.
  static func projected(_ gradient: Tensor) -> [Double] {
    let columns = gradient.width
    let numbers = gradient.numbers.map(Double.init)
    let weights = (0..<max(columns, gradient.rows)).map { cos(Double($0 + 1)) }
    var (left, right) = (Array(repeating: 0.0, count: columns), [Double]())
    for row in 0..<gradient.rows {
      var sum = 0.0
      for column in 0..<columns {
        left[column] += weights[row] * numbers[row * columns + column]
        sum += weights[column] * numbers[row * columns + column]
      }
      right.append(sum)
    }
    return left + right + [numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()]
  }

  /// The stored parameters of a folder, widened.
  static func learner(_ folder: String) throws -> Learner {
    let file = try SafeTensors(folder + "/model.safetensors")
    let parameters = try file.entries.map { ($0.name, try #require(try file.tensor($0.name))) }
    return Learner(
      try Blueprint(folder: folder), parameters: Dictionary(uniqueKeysWithValues: parameters),
      optimizer: Optimizer())
  }

  @Test(arguments: models)
  func gradientsOfEveryKindOfModel(place: String) throws {
    let state = try Fixtures.json(Self.folder + "/projections.json")
    let facts = try #require(state["models"]?[place])
    let ids = state["ids"]?.elements?.compactMap(\.integer) ?? []
    let learner = try Self.learner(Fixtures.folder + "/" + place)
    let example: Example
    switch facts["kind"]?.string {
    case "decoder": example = Example(next: ids)
    case "encoder":
      let places = state["masked"]?.elements?.compactMap(\.integer) ?? []
      example = Example(tokens: ids, places: places, answers: [30, 31, 32])
    default:
      example = Example(
        source: ids, start: try #require(learner.blueprint.shape.startToken),
        target: state["target"]?.elements?.compactMap(\.integer) ?? [])
    }
    let (loss, gradients) = try learner.gradients(of: [example])
    let expectedLoss = try #require(facts["loss"]?.number)
    #expect(abs(loss - expectedLoss) < 2e-5 * expectedLoss)
    let without = facts["without"]?.elements?.compactMap(\.string) ?? []
    let names = learner.parameters.keys.filter { !without.contains($0) }.sorted()
    #expect(Set(gradients.keys) == Set(names))
    var expected = try #require(
      try SafeTensors(Self.folder + "/projections.safetensors").tensor(place)
    ).numbers.map(Double.init)[...]
    // What counts is a tensor's own largest number, but rounding comes from the others too.
    let top = names.reduce(0) { max($0, gradients[$1]?.sumOfSquares ?? 0) }.squareRoot()
    for name in names {
      let found = Self.projected(try #require(gradients[name]))
      let exact = expected.prefix(found.count)
      expected = expected.dropFirst(found.count)
      let largest = exact.reduce(0) { max($0, abs($1)) }
      let worst = zip(found, exact).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= 2e-4 * largest + 2e-6 * top, "\(name): \(worst) of \(largest)")
    }
    #expect(expected.isEmpty)
  }

  /// Pairs of different lengths, so that one is filled up.
  @Test func gradientsOfTheOriginalTransformer() throws {
    let folder = Self.folder + "/vaswani"
    let state = try Fixtures.json(folder + "/state.json")
    let learner = try Self.learner(folder)
    let examples = (state["pairs"]?.elements ?? []).map { pair in
      let sides = (pair.elements ?? []).map { $0.elements?.compactMap(\.integer) ?? [] }
      return Example(source: sides[0], start: 19, target: sides[1])
    }
    let (loss, gradients) = try learner.gradients(of: examples)
    #expect(abs(loss - (state["loss"]?.number ?? 0)) < 1e-5)
    try expectGradients(gradients, folder)
  }

  /// All gradients at step 0, and ten losses and norms of AdamW.
  @Test func aRun() throws {
    let folder = Self.folder + "/run"
    let state = try Fixtures.json(folder + "/state.json")
    var learner = try Self.learner(folder)
    let batch = (state["texts"]?.elements ?? []).map {
      Example(next: $0.elements?.compactMap(\.integer) ?? [])
    }
    try expectGradients(try learner.gradients(of: batch).gradients, folder)
    for step in 0..<10 {
      let outcome = try learner.learn(batch, rate: 0.01)
      let (loss, norm) = (state["losses"]?[step]?.number, state["norms"]?[step]?.number)
      #expect(abs(outcome.loss - (loss ?? 0)) < 2e-4, "step \(step)")
      #expect(abs(outcome.norm - (norm ?? 0)) < 2e-3 * (norm ?? 0), "step \(step)")
    }
  }

  private func expectGradients(_ gradients: [String: Tensor], _ folder: String) throws {
    let file = try SafeTensors(folder + "/gradients.safetensors")
    #expect(Set(file.entries.map(\.name)) == Set(gradients.keys))
    for (name, found) in gradients {
      let expected = try #require(try file.tensor(name)).numbers
      let largest = expected.reduce(0) { max($0, abs($1)) }
      let worst = zip(found.numbers, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= 3e-5 * largest + 1e-6, "\(name): \(worst) of \(largest)")
    }
  }
}
