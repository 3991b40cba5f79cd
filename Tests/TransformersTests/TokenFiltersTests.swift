import Files
import TestSupport
import Tensors
import Testing
import Transformers

/// What is left of logits, against the library transformers (Fixtures/sampling).
@Suite struct TokenFiltersTests {
  struct Row: CustomTestStringConvertible {
    let name: String
    let logits: [Double]
    let cases: [JSON]
    var testDescription: String { name }
  }

  static let rows: [Row] = {
    let json = try? Fixtures.json(Fixtures.folder + "/sampling/expected.json")
    return (json?["rows"]?.elements ?? []).map { row in
      Row(
        name: row["name"]?.string ?? "",
        logits: (row["logits"]?.elements ?? []).map { $0.number ?? -.infinity },
        cases: row["cases"]?.elements ?? [])
    }
  }()

  @Test func theFixtureIsThere() {
    #expect(Self.rows.count == 9 && Self.rows.allSatisfy { $0.cases.count == 25 })
  }

  @Test(arguments: rows)
  func leavesWhatTransformersLeaves(row: Row) throws {
    let own = try #require(Distribution(logits: row.logits))
    let seen = Set(stride(from: 0, to: row.logits.count, by: 3))
    for item in row.cases {
      let filters = TokenFilters(
        repetitionPenalty: try #require(item["penalty"]?.number), topK: item["top_k"]?.integer,
        topP: item["top_p"]?.number, minP: item["min_p"]?.number)
      let tau = try #require(item["tau"]?.number)
      let left = filters.filtered(filters.penalized(own, seen: seen), at: tau)
      let kept = left.logits.indices.filter { left.logits[$0] > -.infinity }
      #expect(kept.map(JSON.integer) == item["kept"]?.elements, "\(item)")
      let probabilities = kept.map { left.probabilities(at: tau)[$0] }
      let (largest, smallest) = (
        try #require(item["largest"]?.number), try #require(item["smallest"]?.number)
      )
      #expect(abs((probabilities.max() ?? 0) - largest) < 1e-12, "\(item)")
      #expect(abs((probabilities.min() ?? 0) - smallest) < 1e-12, "\(item)")
    }
  }

  /// At τ = ∞ top-k is the limit: all are equally probable, and the k largest logits stay.
  @Test func topKHoldsAtInfinity() throws {
    let own = try #require(Distribution(logits: [0, 3, 1, 2]))
    let left = TokenFilters(topK: 2).filtered(own, at: .infinity)
    #expect(left.probabilities(at: .infinity) == [0, 0.5, 0, 0.5])
  }

  @Test func filtersThatAreNotGivenChangeNothing() throws {
    let own = try #require(Distribution(logits: [0.5, -3, 8, 1]))
    let left = TokenFilters().filtered(TokenFilters().penalized(own, seen: [0, 1]), at: 0.7)
    #expect(left.logits == own.logits)
  }
}
