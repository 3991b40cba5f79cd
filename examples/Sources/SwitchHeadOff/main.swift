// Switches every head off in turn and says what becomes of the next token.
//
//   swift run --package-path examples SwitchHeadOff "The cat sat on the"

import Analysis
import Tensors
import Transformers

guard CommandLine.arguments.count == 2, let location = ModelStore().named("tiny-gpt") else {
  throw ModelError(.badText, "give a sentence that goes on")
}
let text = CommandLine.arguments[1]
let model = try Model(location)

/// ln p of a vocabulary entry after the text, with what a pass changes.
func logProbability(of id: Int, _ pass: Pass) throws -> Double {
  let run = try model.run(text, pass: pass)
  guard let logits = run.trace[.logits], let next = Distribution(logits.slice(logits.rows - 1))
  else { throw ModelError(.badModel, "there are no logits") }
  return -(next.energy(of: id) + next.logPartition(at: 1))
}

let recording = Recording([.logits])
let prediction = try PredictedToken(of: try model.run(text, pass: Pass(recording: recording)))
print(
  "next: \(model.tokenizer.display(id: prediction.id).text), ln p = \(prediction.logProbability)")

for layer in 0..<model.configuration.layers {
  for head in 0..<model.configuration.heads {
    // The context of a layer is [heads, tokens, d]: what each head mixes of the values.
    let off = Pass(
      recording: recording,
      edits: [
        Site(.context, layer: layer): { context in
          let size = context.count / context.shape[0]
          var numbers = context.numbers
          for place in head * size..<(head + 1) * size { numbers[place] = 0 }
          return Tensor(numbers, shape: context.shape)
        }
      ])
    let change = try logProbability(of: prediction.id, off) - prediction.logProbability
    print("without L\(layer)H\(head): ln p \(change < 0 ? "−" : "+")\(change.magnitude)")
  }
}
