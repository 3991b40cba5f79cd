// Draws what another program recorded: docs/from-python.md shows how Python writes such a file.
//
//   swift run --package-path examples FromRecording docs/traces/cat.safetensors FILE.svg

import Drawing
import Explanations
import Figures
import Files
import TensorFiles
import Transformers

let words = CommandLine.arguments
guard words.count == 3 else { throw ModelError(.badText, "name a recording and the file to write") }

let run = try Run(reading: ArchiveFile(words[1]))
let layer = run.configuration.layers - 1
let figure = try Heatmap(
  .weights, layer: layer, head: 0, of: run, choice: ["The first head of the last layer."])
try writeFile(words[2], figure.scene(in: Style(measure: .typeset)).data(Export(.svg)))
print("\(run.count) tokens of \(run.model)")
