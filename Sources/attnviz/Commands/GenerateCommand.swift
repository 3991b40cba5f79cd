import ArgumentParser
import Files
import Tokenization
import Transformers

/// `attnviz generate`: continues a text.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a text with a decoder's most probable tokens.",
    discussion: """
      EXAMPLES
        attnviz generate --model gpt2 --max-new-tokens 20 --greedy --ignore-eos "Once upon a"
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("How many tokens to add.", valueName: "N"))
  var maxNewTokens = 20

  @Flag(help: "Take the most probable token every time. This version has no other way.")
  var greedy = false

  @Flag(help: "Go on after the end-of-sequence token.")
  var ignoreEos = false

  @Flag(help: "Write JSON.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
  var output = "-"

  func validate() throws {
    try text.check()
    guard maxNewTokens >= 1 else {
      throw ValidationError("--max-new-tokens takes a number from 1.")
    }
  }

  func run() throws {
    let text = try text.read().text
    let loaded = try model.load().model
    var pass = Pass(recording: .nothing, logits: .last)
    let ids = try loaded.generate(
      after: loaded.tokenizer.encode(text).ids,
      .greedy(count: maxNewTokens, ignoresEnd: ignoreEos), &pass
    ).ids
    let words = loaded.tokenizer.decode(ids)
    let result: JSON = [
      "schema": "attnviz.generate/1",
      "ids": .array(ids.map(JSON.integer)),
      "tokens": .array(ids.map { .string(loaded.tokenizer.token($0) ?? "") }),
      "text": .string(words),
    ]
    try Output.write(Array((json ? result.text() : words).utf8) + [0x0A], to: output)
  }
}
