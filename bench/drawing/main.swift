// Times drawing alone: a recording is read once and drawn several times.
//
//   drawing-benchmark heatmap|gallery RECORDING png|svg RUNS
//
// Prints one line of JSON: the median seconds from numbers to the bytes of a file.

import Drawing
import Explanations
import Figures
import TensorFiles
import Transformers

let words = Array(CommandLine.arguments.dropFirst())
guard words.count == 4, let format = FileFormat(rawValue: words[2]), let runs = Int(words[3]) else {
  preconditionFailure("drawing-benchmark heatmap|gallery RECORDING png|svg RUNS")
}
let run = try Run(reading: ArchiveFile(words[1]), recording: Recording([.weights]))
var style = Style()
style.measure = .typeset

func figure() throws -> any Figure {
  guard words[0] == "heatmap" else { return try Gallery(of: run, transformer: nil) }
  let choice = try HeadChoice(layer: 0, head: 0, run, nil)
  return try Heatmap(.weights, layer: 0, head: 0, of: run, choice: choice.words)
}

let clock = ContinuousClock()
var times: [Double] = []
for number in 0..<runs + 2 {
  let time = try clock.measure { _ = try figure().scene(in: style).data(Export(format)) }
  if number >= 2 { times.append(time / .seconds(1)) }
}
times.sort()
print("{\"seconds\": \(times[times.count / 2])}")
