// Draws one head of a model in five lines: swift run FiveLines MODEL-FOLDER map.svg

import Drawing
import Explanations
import Figures
import Foundation
import Transformers

let words = CommandLine.arguments
guard words.count == 3 else {
  print("usage: FiveLines MODEL-FOLDER FILE.svg")
  throw ModelError(.noSuchPlace, "name a model's folder and the file to write")
}

let model = try Model(folder: words[1], name: "my model")
let run = try model.run("The cat sat on the mat.")
let figure = try Heatmap(.weights, layer: 1, head: 2, of: run, choice: ["L1H2, chosen by hand."])
let scene = figure.scene(in: Style(measure: .typeset))
let svg = try scene.data(Export(.svg))

try String(decoding: svg, as: UTF8.self).write(toFile: words[2], atomically: true, encoding: .utf8)
