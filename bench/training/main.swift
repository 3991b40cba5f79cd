import Files
import Tensors
import Training
import Transformers

/// Steps of training a decoder as small as those that are embedded: `training-benchmark WIDTH
/// VOCABULARY STEPS` prints tokens a second; torch_training.py does the same with torch.
let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
let (width, vocabulary, steps) = (arguments[0], arguments[1], arguments[2])
let (batch, context) = (32, 64)
let config: JSON = [
  "model_type": "gpt2", "n_layer": 4, "n_head": 4, "n_embd": .integer(width),
  "n_positions": .integer(context), "vocab_size": .integer(vocabulary),
]
let blueprint = try Blueprint(config, path: "config.json")
var learner = Learner(
  blueprint, parameters: try Learner.newParameters(blueprint, seed: 1), optimizer: Optimizer())
var random = RandomNumbers(seed: 2)
let examples = (0..<batch).map { _ in
  Example(next: (0...context).map { _ in Int(random.next() % UInt64(vocabulary)) })
}
let clock = ContinuousClock()
var times: [Double] = []
for _ in 0..<steps {
  let time = try clock.measure { _ = try learner.learn(examples, rate: 1e-3) }
  times.append(time / .seconds(1))
}
times.sort()
let tokens = Double(batch * context)
print(
  "\(width) wide, \(vocabulary) tokens: \(times[times.count / 2] * 1000) ms a step,",
  "\(tokens / times[times.count / 2]) tokens/s, best \(tokens / times[0])")
