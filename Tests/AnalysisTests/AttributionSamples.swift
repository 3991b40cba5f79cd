import Analysis
import Files
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Tiny models with what torch and numpy say about a prediction: see Fixtures/attribution/make.py.
struct AttributionSample {
  static let names = ["gpt2", "llama", "bert"]

  let model: Model
  var run: Run
  let row: Int
  let facts: JSON

  init(_ name: String) throws {
    let expected = try Fixtures.json(Fixtures.folder + "/attribution/expected.json")
    facts = try #require(expected["models"]?[name])
    row = try #require(facts["row"]?.integer)
    model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    var run = try model.run("the cat")
    run.encoding.ids = expected["ids"]?.elements?.compactMap(\.integer) ?? []
    let types = facts["types"]?.elements?.compactMap(\.integer) ?? []
    run.encoding.typeIDs = types.isEmpty ? run.encoding.ids.map { _ in 0 } : types
    run.encoding.isSpecial = run.encoding.ids.map { _ in false }
    var pass = Pass()
    try model.transformer(run.encoding.ids, types: run.encoding.typeIDs, &pass)
    run.trace = pass.trace
    self.run = run
  }

  /// Numbers of any depth, in order.
  func numbers(_ key: String) throws -> [Double] {
    func flat(_ json: JSON) -> [Double] { json.elements?.flatMap(flat) ?? [json.number ?? .nan] }
    return flat(try #require(facts[key]))
  }
}

/// The largest difference of two lists, as a part of the largest number.
func deviation(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let size = expected.reduce(0) { max($0, $1.magnitude) }
  return zip(found, expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / size
}
