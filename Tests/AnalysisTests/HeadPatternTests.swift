import Analysis
import Tensors
import Testing

@Suite struct HeadPatternTests {
  /// Five tokens, 7 8 9 8 9; each row its own numbers.
  let tokens = [7, 8, 9, 8, 9]
  let weights = Tensor(
    [
      1, 0, 0, 0, 0,
      0.4, 0.6, 0, 0, 0,
      0.1, 0.2, 0.7, 0, 0,
      0.1, 0.3, 0.2, 0.4, 0,
      0.1, 0.1, 0.3, 0.35, 0.15,
    ], shape: [5, 5])

  func share(_ pattern: HeadPattern, isCausal: Bool = true) -> HeadPattern.Share {
    var share = HeadPattern.Share()
    pattern.measure(weights, queries: tokens, keys: tokens, isCausal: isCausal, into: &share)
    return share
  }

  func expect(
    _ share: HeadPattern.Share, _ measured: Double, _ even: Double, _ queries: Int
  ) {
    #expect(abs(share.measured - measured) < 1e-6 && abs(share.even - even) < 1e-9)
    #expect(share.queries == queries)
  }

  @Test func neighboursAreFound() {
    // Rows 2, 3 and 4.
    expect(share(.previous), (0.2 + 0.2 + 0.35) / 3, (1.0 / 3 + 0.25 + 0.2) / 3, 3)
    // Nothing behind a token is seen.
    expect(share(.next), 0, 0, 0)
    // Rows 0, 1 and 2.
    expect(share(.next, isCausal: false), 0, 0.2, 3)
  }

  @Test func ownAndFirstTokensAreFound() {
    // The first row has nothing else to look at.
    expect(
      share(.itself), (0.6 + 0.7 + 0.4 + 0.15) / 4, (1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0) / 4, 4)
    expect(
      share(.first), (0.4 + 0.1 + 0.1 + 0.1) / 4, (1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0) / 4, 4)
  }

  @Test func repetitionsAreFound() {
    // The second 8 sees the first, the second 9 too.
    expect(share(.same), (0.3 + 0.3) / 2, (0.25 + 0.2) / 2, 2)
    // Behind the first 8 stands a 9, behind the first 9 an 8.
    expect(share(.induction), (0.2 + 0.35) / 2, (0.25 + 0.2) / 2, 2)
    // The first 8 sees what stands behind the second.
    expect(share(.induction, isCausal: false), (0 + 0.2 + 0.35) / 3, 0.2, 3)
  }

  @Test func tokensOfASetAreFound() {
    expect(share(.among([7])), (0.4 + 0.1 + 0.1 + 0.1) / 4, (1 / 2.0 + 1 / 3.0 + 0.25 + 0.2) / 4, 4)
    expect(share(.among([3])), 0, 0, 0)
  }

  /// Three targets over five letters: the first, the third, the fifth.
  @Test func alignmentIsAlongTheDiagonal() {
    let weights = Tensor(
      [
        0.5, 0.2, 0.1, 0.1, 0.1,
        0.1, 0.2, 0.3, 0.2, 0.2,
        0.1, 0.1, 0.1, 0.3, 0.4,
      ], shape: [3, 5])
    var share = HeadPattern.Share()
    HeadPattern.aligned.measure(
      weights, queries: [1, 2, 3], keys: [1, 2, 3, 4, 5], isCausal: false, into: &share)
    expect(share, (0.7 + 0.7 + 0.7) / 3, (0.4 + 0.6 + 0.4) / 3, 3)
  }
}
