// Trains a model of 20,000 parameters to count, and lets it go on.
//
//   swift run -c release --package-path examples TrainTiny FOLDER

import Files
import Tokenization
import Training
import Transformers

guard CommandLine.arguments.count == 2 else {
  throw ModelError(.badText, "name the folder to write")
}
let folder = CommandLine.arguments[1]

// The text to learn from: counting, from anywhere to anywhere.
let names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
let text = (0..<400).map { names[$0 * 7 % 10 % 6..<10].joined(separator: " ") }
  .joined(separator: ". ")

// A vocabulary of byte pairs of our own.
let special = SpecialTokens(.decoder)
let pairs = try BytePairTraining(specialTokens: special.tokens, vocabulary: 290).learn(from: [text])
let file = pairs.tokenizerFile(
  specialTokens: special.tokens.count, before: special.before, after: special.after)
let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")

// A GPT-2 of two layers of two heads.
let config = special.completing(
  ["model_type": "gpt2", "n_layer": 2, "n_head": 2, "n_embd": 24, "n_positions": 32],
  vocabulary: tokenizer.vocabularySize)
var settings = TrainingSettings()
(settings.steps, settings.batch, settings.context) = (120, 8, 24)
(settings.warmup, settings.rate) = (20, 1e-2)
let corpus = try Corpus(text: text, tokenizer: tokenizer, validation: 0.05)
let batches = Batches(
  corpus, .nextToken, context: settings.context, vocabulary: tokenizer.vocabularySize, seed: 0)

var trainer = try Trainer(
  config, tokenizer: file, endToken: special.end.flatMap(tokenizer.id), batches, settings)
try trainer.begin()
while trainer.step < settings.steps { try trainer.learn() }
try trainer.look()
try trainer.save(to: folder)

// It is a model folder like any other.
let model = try Model(folder: folder, name: "counter")
var pass = Pass(recording: .nothing, logits: .last)
let start = try model.tokenizer.encode("three four").ids
let counted = try model.generate(after: start, .greedy(count: 8), &pass)
let loss = trainer.log.steps.last.map { String($0.loss) } ?? "unknown"
print("after \(trainer.step) steps the loss is \(loss)")
print("three four" + model.tokenizer.decode(counted.steps.map(\.id)))
