import Tensors
import Testing

@Suite struct GradientsTests {
  @Test func aValueOnTheWayHasAGradientToo() {
    let x = Tensor([1, 2], shape: [2]).tracked
    let middle = x * x
    let gradients = (middle * middle).gradients(of: [middle, x])
    #expect(gradients[0].numbers == [2, 8])
    #expect(gradients[1].numbers == [4, 32])
  }

  @Test func whatIsNotOnTheWayHasNone() {
    let (x, other) = (Tensor([1], shape: [1]).tracked, Tensor([1], shape: [1]).tracked)
    #expect((x * x).gradients(of: [other])[0].numbers == [0])
    #expect(x.detached.gradients(of: [x])[0].numbers == [0])
  }

  @Test func nothingIsRememberedWithoutAStart() {
    let x = Tensor([1, 2], shape: [1, 2])
    #expect(!(x + x).gelu().softmax().isTracked)
    #expect((x.tracked + x).isTracked)
    #expect(!(x.tracked + x).detached.isTracked)
  }

  @Test func gradientsOfSeveralLossesAddUp() {
    let x = Tensor([3], shape: [1]).tracked
    let sums = GradientSums()
    for _ in 0..<3 { (x * x).addGradients(to: sums) }
    #expect(sums[x]?.numbers == [18])
  }

  /// A gradient that two inputs share is not changed for one by what comes for the other.
  @Test func sharedGradientsStayApart() {
    let (x, y) = (Tensor([1], shape: [1]).tracked, Tensor([1], shape: [1]).tracked)
    let sum = x + y
    let gradients = (sum + x * y + x).gradients(of: [x, y])
    #expect(gradients.map(\.numbers) == [[3], [2]])
  }

  @Test func longGraphsAreReleased() {
    weak var first: Witness?
    do {
      let witness = Witness()
      first = witness
      var x = Tensor([1], shape: [1]).tracked
      x = x.derived(from: [x]) { gradient, inputs in
        witness.calls += 1
        inputs[0]?.add(gradient)
      }
      let start = x
      for _ in 0..<200_000 { x = x + start.detached }
      #expect(x.gradients(of: [start])[0].numbers == [1])
      #expect(witness.calls == 1)
    }
    #expect(first == nil)
  }

  final class Witness: @unchecked Sendable {
    var calls = 0
  }
}
