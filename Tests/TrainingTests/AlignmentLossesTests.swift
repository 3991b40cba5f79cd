import Files
import Testing
import Training

/// The losses and their slopes against torch.
@Suite struct AlignmentLossesTests {
  @Test func pairsAreThoseOfTorch() throws {
    let part = try AlignmentFixture.part("pairs")
    let found = AlignmentLoss.pairs(
      chosen: part.numbers("chosen"), rejected: part.numbers("rejected"))
    #expect(abs(found.loss - part.number("loss")) < 1e-5)
    #expect(agree(found.slopes, part.numbers("chosen_slopes")))
    #expect(agree(found.slopes.map { -$0 }, part.numbers("rejected_slopes")))
  }

  @Test func directPreferencesAreThoseOfTorch() throws {
    let part = try AlignmentFixture.part("direct")
    let found = AlignmentLoss.direct(
      chosen: part.numbers("chosen"), rejected: part.numbers("rejected"),
      chosenReference: part.numbers("chosen_reference"),
      rejectedReference: part.numbers("rejected_reference"), beta: part.number("beta"))
    #expect(abs(found.loss - part.number("loss")) < 1e-5)
    #expect(agree(found.slopes, part.numbers("chosen_slopes")))
    #expect(agree(found.slopes.map { -$0 }, part.numbers("rejected_slopes")))
  }

  @Test func clippedObjectiveIsThatOfTorch() throws {
    let part = try AlignmentFixture.part("clipped")
    let found = AlignmentLoss.clipped(
      new: part.numbers("new"), old: part.numbers("old"), advantages: part.numbers("advantages"),
      clip: part.number("epsilon"))
    #expect(abs(found.loss - part.number("loss")) < 1e-5)
    #expect(agree(found.slopes, part.numbers("slopes")))
    #expect(found.slopes.contains(0) && found.slopes.contains { $0 != 0 })
  }

  @Test func policyGradientAndValuesAreThoseOfTorch() throws {
    let part = try AlignmentFixture.part("reinforced")
    let found = AlignmentLoss.reinforced(
      new: part.numbers("new"), advantages: part.numbers("advantages"))
    #expect(abs(found.loss - part.number("loss")) < 1e-5)
    #expect(agree(found.slopes, part.numbers("slopes")))
    let values = try AlignmentFixture.part("values")
    let error = AlignmentLoss.values(values.numbers("values"), returns: values.numbers("returns"))
    #expect(abs(error.loss - values.number("loss")) < 1e-5)
    #expect(agree(error.slopes, values.numbers("slopes")))
  }

  @Test func farDifferencesStayNumbers() {
    let found = AlignmentLoss.pairs(chosen: [-800, 800], rejected: [800, -800])
    #expect(found.loss == 1600)
    #expect(found.slopes == [-1, 0])
  }
}
