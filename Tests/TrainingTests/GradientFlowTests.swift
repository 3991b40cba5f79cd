import TensorFiles
import Tensors
import TestSupport
import Testing
import Training
import Transformers

@Suite struct GradientFlowTests {
  private static let examples = [Example(next: [1, 2, 3, 4, 9]), Example(next: [9, 8, 7])]

  /// The gradients without residual connections and without norms are those of the loss that is
  /// measured without them: the loss changes by the gradient's norm along it.
  @Test(arguments: [(true, true), (false, true), (false, false), (true, false)])
  func gradientsAreSlopes(hasResiduals: Bool, hasNorms: Bool) throws {
    var learner = try TorchTests.learner(Fixtures.folder + "/models/gpt2")
    (learner.hasResiduals, learner.hasNorms) = (hasResiduals, hasNorms)
    let (loss, gradients) = try learner.gradients(of: Self.examples)
    #expect(abs(try learner.loss(of: Self.examples) - loss) < 1e-5)
    let norm = gradients.values.reduce(0.0) { sum, gradient in
      gradient.numbers.reduce(sum) { $0 + Double($1) * Double($1) }
    }.squareRoot()
    let step = 0.01
    func moved(by step: Double) throws -> Double {
      let parameters = Dictionary(
        uniqueKeysWithValues: learner.parameters.map { name, tensor in
          guard let gradient = gradients[name] else { return (name, tensor) }
          let numbers = zip(tensor.numbers, gradient.numbers).map {
            $0 + Float(step / norm) * $1
          }
          return (name, Tensor(numbers, shape: tensor.shape))
        })
      var other = Learner(learner.blueprint, parameters: parameters, optimizer: Optimizer())
      (other.hasResiduals, other.hasNorms) = (hasResiduals, hasNorms)
      return try other.loss(of: Self.examples)
    }
    let slope = try (moved(by: step) - moved(by: -step)) / (2 * step)
    #expect(abs(slope - norm) < 0.03 * norm, "\(slope), \(norm)")
  }

  /// Each block has the norm of the parameters of its name.
  @Test(arguments: ["gpt2", "bert", "vaswani", "t5", "bart"])
  func blocksAreToldApartByTheirNames(name: String) throws {
    var trainer = try TrainerTests.trainer(name, TrainerTests.settings(4))
    try trainer.begin()
    let flow = try #require(trainer.log.flow)
    let isPair = ["vaswani", "t5", "bart"].contains(name)
    #expect(flow.blocks.map(\.stack) == (isPair ? ["encoder", "decoder"] : [""]))
    #expect(flow.blocks.allSatisfy { $0.layer == 0 })
    for block in flow.blocks {
      #expect([block.norm, block.withoutResiduals].allSatisfy { $0 > 0 && $0.isFinite })
      #expect(block.withoutBoth.isFinite)
      // Another path gives other gradients.
      #expect(block.norm != block.withoutResiduals)
    }
  }

  /// In a pre-norm model without residual connections, a stream is what the sublayer gave.
  @Test(arguments: ["models/gpt2", "models/llama", "families/gpt_neox"])
  func withoutThemTheSublayerIsTheStream(place: String) throws {
    let folder = Fixtures.folder + "/" + place
    let model = try Blueprint(folder: folder).transformer(
      of: SafeTensors(folder + "/model.safetensors"))
    var pass = Pass()
    pass.hasResiduals = false
    try model([3, 1, 4, 1, 5], &pass)
    for layer in 0..<model.configuration.layers {
      func value(_ value: Site.Value) throws -> [Float] {
        try #require(pass.trace[value, layer: layer]).numbers
      }
      #expect(try value(.residual) == value(.attentionOutput))
      let added = try value(.feedForwardOutput)
      let isParallel = place.hasSuffix("neox")
      let expected = isParallel ? zip(try value(.residual), added).map(+) : added
      #expect(try value(.output) == expected)
    }
  }
}
