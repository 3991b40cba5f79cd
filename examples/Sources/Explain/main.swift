// Explains a sentence: words and pictures in a folder.
//
//   swift run --package-path examples Explain "The cat sat on the mat." FOLDER

import Drawing
import Explanations
import Figures
import Files
import Transformers

let words = CommandLine.arguments.dropFirst()
guard words.count == 2, let text = words.first, let folder = words.last,
  let location = ModelStore().named("tiny-gpt")
else { throw ModelError(.badText, "give a sentence and the folder to write") }

// A model that is a part of the library; `Model(folder:name:)` reads one of your own.
let model = try Model(location)
let run = try model.run(text)
let explanation = try Explanation(of: run, by: model.transformer) {
  model.tokenizer.display(id: $0)
}

try createFolder(folder)
for drawn in explanation.figures {
  let scene = drawn.figure.scene(in: Style(measure: .typeset))
  try writeFile("\(folder)/\(drawn.name).svg", scene.data(Export(.svg)))
}
try writeFile(folder + "/index.md", explanation.markdown(figuresIn: "."))
print(
  "\(explanation.sentences.count) sentences, \(explanation.figures.count) pictures: \(folder)/index.md"
)
