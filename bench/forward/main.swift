// Times warm forward passes with everything recorded.
//
//   forward-benchmark MODEL RUNS LENGTH…
//
// MODEL is what --model takes: a folder, a .gguf file or a stored name.
//
// Prints one line of JSON a length: the median seconds of a pass on that many tokens. With 0 RUNS
// there is one pass only, and the seconds are those since the start: reading the model and the pass.

import Transformers

let words = CommandLine.arguments.dropFirst()
guard let name = words.first, let runs = words.dropFirst().first.flatMap({ Int($0) }) else {
  preconditionFailure("forward-benchmark MODEL RUNS LENGTH…")
}
let clock = ContinuousClock()
let start = clock.now
let model = try Model(ModelStore().resolve(name))
for length in words.dropFirst(2).compactMap({ Int($0) }) {
  let ids = (0..<length).map { 1000 + $0 * 37 % 20_000 }
  var times: [Double] = []
  for run in 0..<(runs == 0 ? 1 : runs + 2) {
    var pass = Pass(recording: .everything)
    let time = try clock.measure { try model.transformer(ids, &pass) }
    if runs > 0, run >= 2 { times.append(time / .seconds(1)) }
  }
  if runs == 0 { times = [(clock.now - start) / .seconds(1)] }
  times.sort()
  print("{\"tokens\": \(length), \"seconds\": \(times[times.count / 2])}")
}
