import Files
import Foundation
import Tensors

/// What the embedded models can do, measured on what they have not seen:
/// `model-report TEXTS MODELS [THREADS]` prints Markdown. TEXTS is the folder that
/// scripts/models/prepare.py made, MODELS holds a folder for each model.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
  print("usage: model-report TEXTS MODELS [THREADS]")
  exit(64)
}
if arguments.count > 2, let threads = Int(arguments[2]) { Threads.use(threads) }
let texts = Texts(folder: arguments[0])
let models = arguments[1]
if fileExists(models + "/tiny-gpt/config.json"), fileExists(models + "/tiny-bert/config.json") {
  let language = try LanguageReport(models: models, texts: texts)
  try language.perplexities().forEach { print($0) }
  try language.hiddenTokens().forEach { print($0) }
  try HeadReport.ofLanguageModels(language).forEach { print($0) }
}
if fileExists(models + "/tiny-speller/config.json") {
  let spelling = try SpellingReport(folder: models + "/tiny-speller", texts: texts)
  try spelling.words().forEach { print($0) }
  try HeadReport.ofSpeller(spelling).forEach { print($0) }
}
