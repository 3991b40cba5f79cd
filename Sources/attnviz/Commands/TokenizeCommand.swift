import ArgumentParser
import Files
import Tokenization
import Transformers

/// `attnviz tokenize`: tokens, ids and offsets.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Show the tokens, ids and character offsets of a text.",
    discussion: """
      EXAMPLES
        attnviz tokenize "naïve 東京"
        attnviz tokenize --json "naïve 東京"
        attnviz tokenize --lines in.jsonl -o out.jsonl

      Offsets count Unicode scalars of the text. With --lines, every line is an object
      {"text": …, "text_pair": …}.
      """)

  @OptionGroup var text: TextOptions

  @Option(
    help: ArgumentHelp("Read texts from a file of JSON lines.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var lines: String?

  @Flag(help: "Write JSON.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
    completion: .file())
  var output = "-"

  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if lines == nil { try text.check() }
    guard lines == nil || !text.isGiven else {
      throw ValidationError("Give a text or --lines, not both.")
    }
  }

  func run() throws {
    let tokenizer = try model.loadTokenizer()
    if let lines {
      try Output.write(Array(try encode(lines: lines, tokenizer).utf8), to: output)
      return
    }
    let (text, pair) = try text.read()
    let encoding = try tokenizer.encode(text, pair: pair)
    let table =
      json
      ? encoding.document.text() + "\n"
      : describe(encoding, tokenizer.display(encoding, text: text, pair: pair))
    try Output.write(Array(table.utf8), to: output)
  }

  private func encode(lines path: String, _ tokenizer: Tokenizer) throws -> String {
    var out = ""
    let bytes = try readFile(path)
    for (number, line) in bytes.split(separator: 0x0A).enumerated() {
      let json = try JSON(parsing: Array(line), path: "\(path), line \(number + 1)")
      guard let text = json["text"]?.string else {
        throw FileError(.badData, "\(path), line \(number + 1)", "has no \"text\"")
      }
      let encoding = try tokenizer.encode(text, pair: json["text_pair"]?.string)
      out += encoding.json.text() + "\n"
    }
    return out
  }

  private func describe(_ encoding: Encoding, _ tokens: [DisplayToken]) -> String {
    let rows = encoding.ids.indices.map { index in
      let range = encoding.offsets[index]
      let place = encoding.isSpecial[index] ? "" : "\(range.lowerBound)–\(range.upperBound)"
      return [String(index), tokens[index].text, String(encoding.ids[index]), place]
    }
    return Table(["", "token", "id", "characters"], rows, right: [0, 2]).text
  }
}

extension Encoding {
  /// The encoding of one text, with its schema.
  fileprivate var document: JSON {
    .object([JSON.Member("schema", "attnviz.tokenize/1")] + (json.members ?? []))
  }

  /// The encoding as one line of many.
  fileprivate var json: JSON {
    [
      "ids": .array(ids.map(JSON.integer)),
      "tokens": .array(tokens.map(JSON.string)),
      "offsets": .array(offsets.map { [.integer($0.lowerBound), .integer($0.upperBound)] }),
    ]
  }
}
