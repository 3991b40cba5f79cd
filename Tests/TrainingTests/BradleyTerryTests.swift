import Files
import TestSupport
import Testing
import Training

/// Tournaments that NumPy and SciPy rated: see `Tests/Fixtures/preferences/make.py`.
struct Tournament {
  var names: [String]
  var matches: Matches
  var facts: JSON

  static func all() throws -> [Tournament] {
    let path = Fixtures.folder + "/preferences/expected.json"
    let json = try JSON(parsing: try readFile(path), path: path)
    return (json["tournaments"]?.elements ?? []).map { facts in
      let names = (facts["names"]?.elements ?? []).compactMap(\.string)
      var matches = Matches()
      for match in facts["matches"]?.elements ?? [] {
        guard let a = match[0]?.integer, let b = match[1]?.integer, let result = match[2]?.number
        else { continue }
        matches.add(names[a], names[b], result: result)
      }
      return Tournament(names: names, matches: matches, facts: facts)
    }
  }

  func numbers(_ key: String) -> [Double] { (facts[key]?.elements ?? []).compactMap(\.number) }
}

@Suite struct BradleyTerryTests {
  @Test func agreesWithSciPy() throws {
    let all = try Tournament.all()
    #expect(all.count == 3)
    for tournament in all {
      let ridge = try #require(tournament.facts["ridge"]?.number)
      let fit = BradleyTerry(tournament.matches, ridge: ridge)
      #expect(fit.names == tournament.names)
      let (strengths, errors) = (tournament.numbers("strengths"), tournament.numbers("errors"))
      for (found, expected) in [(fit.strengths, strengths), (fit.errors, errors)] {
        #expect(found.count == expected.count && !expected.isEmpty)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-5, "\(a) and \(b)") }
      }
      let likelihood = try #require(tournament.facts["log_likelihood"]?.number)
      #expect(abs(fit.logLikelihood - likelihood) < 1e-5)
    }
  }

  /// Two policies, three wins to one: without the addition the strengths are ln 3 apart, the error of
  /// the difference is √(1/3 + 1).
  @Test func twoPoliciesByHand() {
    var matches = Matches()
    for result in [1, 1, 1, 0] as [Double] { matches.add("a", "b", result: result) }
    let fit = BradleyTerry(matches, ridge: 1e-9)
    #expect(abs(fit.strengths[0] - fit.strengths[1] - 1.0986122886681098) < 1e-6)
    #expect(abs(fit.strengths[0] + fit.strengths[1]) < 1e-6)
    #expect(abs(2 * fit.errors[0] - (4.0 / 3).squareRoot()) < 1e-4)
    // 400 are odds of ten to one: ln 3 is 190.8.
    #expect(abs(fit.rating(0) - fit.rating(1) - 190.848501888) < 1e-3)
    #expect(fit.counts == [4, 4])
  }

  /// A policy that always wins has a finite strength; nothing compared is no failure.
  @Test func endsOfTheScale() {
    var matches = Matches()
    for _ in 0..<500 { matches.add("a", "b", result: 1) }
    let fit = BradleyTerry(matches)
    #expect(fit.strengths[0] > 2 && fit.strengths[0].isFinite && fit.errors[0].isFinite)
    #expect(BradleyTerry(Matches()).strengths.isEmpty)
    var ties = Matches()
    for _ in 0..<9 { ties.add("a", "b", result: 0.5) }
    #expect(BradleyTerry(ties).strengths.allSatisfy { abs($0) < 1e-12 })
  }
}

@Suite struct EloTests {
  @Test func agreesWithNumPy() throws {
    for tournament in try Tournament.all() {
      let factor = try #require(tournament.facts["factor"]?.number)
      let found = Elo(tournament.matches, factor: factor).ratings
      for (a, b) in zip(found, tournament.numbers("elo")) { #expect(abs(a - b) < 1e-5) }
      #expect(abs(found.reduce(0, +) - 1500 * Double(found.count)) < 1e-6)
    }
  }

  /// Elo's own table: 200 points are an expectation of .76, 400 of .91 (ten to one).
  @Test func expectations() {
    #expect(abs(Elo.expected(1700, 1500) - 0.7597469266479578) < 1e-12)
    #expect(abs(Elo.expected(1900, 1500) - 10.0 / 11) < 1e-12)
    #expect(Elo.expected(1500, 1500) == 0.5)
  }

  /// The order matters: who wins last has more.
  @Test func theOrderMatters() {
    func ratings(_ results: [Double]) -> [Double] {
      var matches = Matches()
      for result in results { matches.add("a", "b", result: result) }
      return Elo(matches).ratings
    }
    #expect(ratings([0, 1])[0] > ratings([1, 0])[0])
    #expect(ratings([1])[0] == 1516)
  }
}
