import TestSupport
import Tensors
import Testing
import Training
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct SurprisesOfExamplesTests {
  /// Texts of different lengths at once give what each gives by itself, in every kind of model.
  @Test(arguments: [
    "models/gpt2", "models/llama", "models/bert", "families/gemma2", "families/qwen3",
    "families/mpnet", "families/deberta_v2", "families/modernbert", "seq2seq/t5", "seq2seq/bart",
    "seq2seq/vaswani",
  ])
  func textsAtOnceAreTextsByThemselves(place: String) throws {
    let learner = try TorchTests.learner(Fixtures.folder + "/" + place)
    let examples = [[7, 3, 21, 9, 4], [5, 6, 8], [30, 2, 11, 12]].map { tokens in
      switch learner.blueprint.shape.kind {
      case .decoder: Example(next: tokens)
      case .encoder: Example(tokens: tokens, places: [0, 2], answers: [1, 2])
      case .seq2seq: Example(source: tokens, start: 39, target: Array(tokens.reversed().dropLast()))
      }
    }
    let (loss, gradients) = try learner.gradients(of: examples)
    let answers = examples.reduce(0) { $0 + $1.answers.count }
    var sum = 0.0
    var sums: [String: [Double]] = [:]
    for example in examples {
      let alone = try learner.gradients(of: [example])
      let share = Double(example.answers.count) / Double(answers)
      sum += alone.loss * share
      for (name, gradient) in alone.gradients {
        let old = sums[name] ?? Array(repeating: 0, count: gradient.count)
        sums[name] = zip(old, gradient.numbers).map { $0 + Double($1) * share }
      }
    }
    #expect(abs(loss - sum) < 1e-5 * sum)
    #expect(Set(gradients.keys) == Set(sums.keys))
    let top = sums.values.reduce(0) { $1.reduce($0) { max($0, abs($1)) } }
    for (name, gradient) in gradients {
      let expected = try #require(sums[name])
      let worst = zip(gradient.numbers, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
      #expect(worst < 2e-5 * top, "\(name): \(worst) of \(top)")
    }
  }

  @Test func theMeanLossIsThatOfTheGradients() throws {
    let learner = try TorchTests.learner(Fixtures.folder + "/models/gpt2")
    let examples = [Example(next: [1, 2, 3, 4]), Example(next: [9, 8, 7])]
    let loss = try learner.gradients(of: examples).loss
    #expect(abs(try learner.loss(of: examples) - loss) < 1e-6)
  }

  @Test func dropoutDependsOnTheSeedAlone() throws {
    var learner = try TorchTests.learner(Fixtures.folder + "/models/gpt2")
    learner.dropout = 0.2
    let examples = [Example(next: [1, 2, 3, 4]), Example(next: [9, 8, 7])]
    let first = try learner.gradients(of: examples)
    #expect(try learner.gradients(of: examples).gradients == first.gradients)
    learner.seed = 1
    #expect(try learner.gradients(of: examples).gradients != first.gradients)
  }

  /// The numbers do not depend on how many threads there are.
  @Test func oneThreadGivesTheSameBits() throws {
    let learner = try TorchTests.learner(Fixtures.folder + "/models/gpt2")
    let examples = (0..<40).map { start in Example(next: (0..<30).map { ($0 * 7 + start) % 90 }) }
    let first = try learner.gradients(of: examples)
    Threads.use(1)
    defer { Threads.use(nil) }
    #expect(try learner.gradients(of: examples).gradients == first.gradients)
  }

  /// Ten thousand steps leave no more memory behind than one hundred do.
  @Test func nothingLeaks() throws {
    let table = Tensor((0..<512).map { Float($0 % 19) / 19 }, shape: [32, 16])
    func step() -> Float {
      let start = table.tracked
      let x = Matrix(start).gatheringRows([3, 1, 4, 1, 5])
      let hidden = (x + x.gelu()).layerNormalized(
        scale: start.slice(0), shift: start.slice(1), epsilon: 1e-5)
      let loss = hidden.times(Matrix(start)).surprises(of: [1, 4, 1, 5, 9])
      return loss.gradients(of: [start])[0].numbers[7]
    }
    /// The most memory so far, in kB.
    func memory() -> Int {
      var usage = rusage()
      #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return Int(usage.ru_maxrss) / 1024
      #else
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss)
      #endif
    }
    let first = step()
    for _ in 0..<100 { _ = step() }
    let before = memory()
    for _ in 0..<10_000 { _ = step() }
    #expect(step() == first)
    // A step that kept its graph would leave 30 kB: 300 MB in all.
    #expect(memory() - before < 60_000)
  }
}
