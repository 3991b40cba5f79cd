import Foundation
import Testing
import Training

/// Texts 1 2 and 1 2 3 2 after the token 0, of four tokens, computed by hand.
///
/// Pairs: 01 and 12 twice, 23 and 32 once: the discount is 2 / (2 + 2·2) = 1/3. Before 1 and 3
/// stands one kind of token, before 2 two: the discount is 2 / (2 + 2·1) = 1/2, and
/// p(0), p(1), p(2), p(3) = 0.09375, 0.21875, 0.46875, 0.21875.
@Suite struct KneserNeyTests {
  let pairs = KneserNey(order: 2, texts: [[1, 2], [1, 2, 3, 2]], before: 0, vocabulary: 4)

  @Test func pairsAreThoseThatWereComputedByHand() {
    // After 1: (2 − 1/3)/2 + (1/3 · 1/2) p(2); after 2: (1 − 1/3) + 1/3 p(3); after 3, which 1 never
    // followed, 1/3 p(1).
    let expected = [0.0, 0.911458333, 0.739583333, 0.072916667]
    let found = pairs.surprises(of: [1, 2, 3, 1])
    for (expected, found) in zip(expected, found).dropFirst() {
      #expect(abs(found + log(expected)) < 1e-7)
    }
  }

  /// Without anything before it a token is counted as often as it is there: 1, 2 and 3 are there
  /// twice, thrice and once, and a discount of 1 / (1 + 2·1) leaves 3 · 1/3 of 6 for all four.
  @Test func singleTokensAreCounted() {
    let single = KneserNey(order: 1, texts: [[1, 2], [1, 2, 3, 2]], before: 0, vocabulary: 4)
    let expected = [0.25 / 6, (5.0 / 3 + 0.25) / 6, (8.0 / 3 + 0.25) / 6, (2.0 / 3 + 0.25) / 6]
    for (token, expected) in expected.enumerated() {
      #expect(abs(single.surprises(of: [token])[0] + log(expected)) < 1e-9)
    }
  }

  @Test(arguments: 1...4) func probabilitiesSumToOne(order: Int) {
    let texts = [[1, 2, 3, 1, 2, 4], [2, 3, 3, 1], [4, 1, 2], [4, 1, 2, 3]]
    let model = KneserNey(order: order, texts: texts, before: 0, vocabulary: 6)
    for context in [[], [1], [1, 2], [4, 1, 2], [5], [3, 3, 3]] {
      let sum = (0..<6).reduce(0.0) { $0 + exp(-(model.surprises(of: context + [$1]).last ?? 0)) }
      #expect(abs(sum - 1) < 1e-9)
    }
  }
}
