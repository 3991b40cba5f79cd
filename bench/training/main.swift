import Files
import Tensors
import Training
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Steps of training a decoder as small as those that are embedded: `training-benchmark WIDTH
/// VOCABULARY STEPS THREADS` prints tokens a second; torch_training.py does the same with torch.
let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
let (width, vocabulary, steps) = (arguments[0], arguments[1], arguments[2])
Threads.use(arguments[3])
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
var (walls, processors) = ([Double](), [Double]())
for _ in 0..<steps {
  let before = processorSeconds()
  let wall = try clock.measure { _ = try learner.learn(examples, rate: 1e-3) }
  walls.append(wall / .seconds(1))
  processors.append(processorSeconds() - before)
}
walls.sort()
processors.sort()
let (wall, processor) = (walls[walls.count / 2], processors[processors.count / 2])
let tokens = Double(batch * context)
print(
  "\(width) wide, \(vocabulary) tokens: \(tenths(wall * 1000)) ms a step,",
  "\(tenths(processor * 1000)) ms of processors, \(Int(tokens / wall)) tokens/s,",
  "best \(Int(tokens / walls[0]))")

func tenths(_ x: Double) -> Double { (x * 10).rounded() / 10 }

/// What all threads have used so far.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
