import Testing
import Training

@Suite struct DivergenceTests {
  @Test func estimatorsAreThoseOfTorch() throws {
    let part = try AlignmentFixture.part("divergence")
    let found = Divergence(policy: part.numbers("policy"), reference: part.numbers("reference"))
    #expect(abs(found.k1 - part.number("k1")) < 1e-5)
    #expect(abs(found.k2 - part.number("k2")) < 1e-5)
    #expect(abs(found.k3 - part.number("k3")) < 1e-5)
  }

  @Test func exactDivergenceIsThatOfTorch() throws {
    let part = try AlignmentFixture.part("divergence")
    let (own, base) = (
      part.numbers("policy_logits").map { Float($0) },
      part.numbers("reference_logits").map { Float($0) }
    )
    let drawn = part.numbers("drawn").map { Int($0) }
    var (exact, policy) = (0.0, [Double]())
    for row in 0..<4 {
      own[row * 7..<row * 7 + 7].withUnsafeBufferPointer { p in
        base[row * 7..<row * 7 + 7].withUnsafeBufferPointer { q in
          exact += Divergence.rows(p, q).exact
          policy.append(Double(p[drawn[row]]) - Divergence.logPartition(p))
          #expect(Divergence.rows(p, p).exact == 0)
        }
      }
    }
    #expect(abs(exact - part.number("exact")) < 1e-5)
    #expect(agree(policy, part.numbers("policy")))
  }

  @Test func entropyOfEqualLogitsIsTheLogarithmOfTheirNumber() {
    [Float](repeating: 3, count: 8).withUnsafeBufferPointer {
      #expect(abs(Divergence.rows($0, $0).entropy - 2.0794415416798357) < 1e-12)
    }
  }

  @Test func thirdEstimatorIsNeverBelowZero() {
    let found = Divergence(policy: [-1, -2], reference: [-0.5, -2.5])
    #expect(found.k1 == 0)
    #expect(found.k3 > 0)
  }
}
