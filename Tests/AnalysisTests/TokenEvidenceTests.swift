import Analysis
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct TokenEvidenceTests {
  private func evidence(
    _ sample: AttributionSample, withHeads: Bool = true
  ) throws -> TokenEvidence {
    try TokenEvidence(
      of: PredictedToken(of: sample.run, row: sample.row), in: sample.run,
      by: sample.model.transformer, withHeads: withHeads)
  }

  /// Of a decoder the tokens up to the row, of an encoder all; every measure has a number for each.
  @Test(arguments: AttributionSample.names) func theColumnsAreThoseOfTorch(name: String) throws {
    let sample = try AttributionSample(name)
    let found = try evidence(sample)
    let (n, count) = (sample.run.count, name == "bert" ? sample.run.count : sample.row + 1)
    #expect(found.tokens == Array(0..<count) && found.seen == count)
    let whole = try sample.numbers("log_probability")[0]
    let expected: [TokenEvidence.Measure: [Double]] = [
      .inputs: try sample.numbers("inputs"),
      .removal: try sample.numbers("without_token").map { whole - $0 },
      .rollout: Array(try sample.numbers("rollout")[sample.row * n..<(sample.row + 1) * n]),
    ]
    for (measure, numbers) in expected {
      #expect(deviation(found[measure], Array(numbers.prefix(count))) < 2e-5, "\(measure)")
    }
    for measure in [TokenEvidence.Measure.attention, .lengths, .rollout] {
      #expect(abs(found[measure].reduce(0, +) - 1) < 1e-5, "\(measure)")
    }
  }

  /// Raw attention is the mean of the row's weights, and ‖a·vW_O‖ differs from it.
  @Test func attentionIsTheMeanOfTheRow() throws {
    let sample = try AttributionSample("bert")
    let found = try evidence(sample, withHeads: false)
    let shape = sample.run.configuration
    for token in found.tokens {
      var sum = 0.0
      for layer in 0..<shape.layers {
        for head in 0..<shape.heads {
          let map = try #require(sample.run.trace[.weights, layer: layer])
          sum += Double(map[head, sample.row, token])
        }
      }
      #expect(abs(found[.attention][token] - sum / Double(shape.layers * shape.heads)) < 1e-6)
    }
    #expect(found[.attention] != found[.lengths] && found.heads.isEmpty)
  }

  @Test(arguments: AttributionSample.names) func headsAreInTheOrderOfTheirEffect(
    name: String
  ) throws {
    let sample = try AttributionSample(name)
    let found = try evidence(sample)
    let whole = try sample.numbers("log_probability")[0]
    let expected = try sample.numbers("without_head").map { whole - $0 }
    let shape = sample.run.configuration
    #expect(found.heads.count == expected.count)
    for head in found.heads {
      let effect = expected[head.layer * shape.heads + head.head]
      #expect(abs(head.effect - effect) < 2e-5)
    }
    let sizes = found.heads.map { $0.effect.magnitude }
    #expect(sizes == sizes.sorted(by: >))
  }

  @Test(arguments: AttributionSample.names) func agreementIsTheRankCorrelationOfSizes(
    name: String
  ) throws {
    var sample = try AttributionSample(name)
    let found = try evidence(sample, withHeads: false)
    for measure in TokenEvidence.Measure.allCases {
      let (a, b) = (found[measure].map(\.magnitude), found[.removal].map(\.magnitude))
      let agreement = found.agreement(of: measure)
      #expect(agreement.correlation == RankCorrelation.spearman(a, b))
      #expect((agreement.sameSigns == nil) == !measure.isSigned)
      #expect(
        agreement.hasSameTop == (a.firstIndex(of: a.max() ?? 0) == b.firstIndex(of: b.max() ?? 0)))
    }
    let own = found.agreement(of: .removal)
    #expect(own.correlation == 1 && own.hasSameTop && own.sameSigns == found.tokens.count)
    // A special token is left out of the second correlation.
    var run = sample.run
    run.encoding.isSpecial[0] = true
    sample = sample.with(run)
    let special = try evidence(sample, withHeads: false)
    #expect(special.rests.contains(0))
    let places = special.tokens.indices.filter { !special.rests.contains(special.tokens[$0]) }
    let expected = RankCorrelation.spearman(
      places.map { special[.rollout][$0] }, places.map { special[.removal][$0].magnitude })
    #expect(special.agreement(of: .rollout).ordinary == expected)
  }

  /// Of a longer text sixty tokens are compared, in their order.
  @Test func aLongTextIsCompared() throws {
    let sample = try AttributionSample("llama")
    let model = sample.model
    let text = String(repeating: "the cat sat on the mat. ", count: 9)
    let run = try model.run(text)
    #expect(run.count > TokenEvidence.mostTokens)
    let found = try TokenEvidence(
      of: PredictedToken(of: run), in: run, by: model.transformer, withHeads: false)
    #expect(found.tokens.count == TokenEvidence.mostTokens && found.seen == run.count)
    #expect(found.tokens == found.tokens.sorted() && Set(found.tokens).count == found.tokens.count)
    // The tokens that are first in a measure are among them.
    let rollout = try #require(Rollout(run)).shares.slice(run.count - 1).numbers
    let first = try #require(rollout.firstIndex(of: rollout.max() ?? 0))
    #expect(found.tokens.contains(first))
  }
}

extension AttributionSample {
  /// The same with another run.
  fileprivate func with(_ run: Run) -> AttributionSample {
    var copy = self
    copy.run = run
    return copy
  }
}
