import ArgumentParser
import Explanations
import Files
import Tokenization
import Transformers

/// A head that is switched off: `L3H5`, in an encoder–decoder `encoder.L3H5`, `decoder.L3H5` or
/// `cross.L3H5`.
struct SilentHead: ExpressibleByArgument, Equatable {
  let head: WalkEdits.Head

  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let stack = parts.count > 1 ? Site.Stack(rawValue: parts[0].lowercased()) : nil
    let words = stack == nil ? argument : parts.dropFirst().joined(separator: ".")
    guard let place = HeadReference(argument: words), let layer = place.layer,
      let head = place.head
    else { return nil }
    self.head = WalkEdits.Head(layer, head, of: stack ?? .sole)
  }
}

/// One head or all of them: `5`, `H5`, `L3H5`, `all`.
enum HeadOrAll: ExpressibleByArgument, Equatable {
  case all
  case one(HeadReference)

  init?(argument: String) {
    if argument.lowercased() == "all" {
      self = .all
      return
    }
    guard let place = HeadReference(argument: argument), !place.isMean else { return nil }
    self = .one(place)
  }
}

/// What is changed in a run on purpose.
struct EditOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Switch a head off: what it gathers becomes 0. In an encoder–decoder encoder.L3H5, decoder.L3H5 or cross.L3H5. Repeat it for more heads.",
      valueName: "L3H5"))
  var off: [SilentHead] = []

  @Option(
    help: ArgumentHelp(
      "Replace a token, by its number or its text, by another one: 3=dog, cat=dog. Repeat it for more tokens.",
      valueName: "token=word"))
  var replace: [String] = []

  @Option(
    help: ArgumentHelp(
      "With a decoder: tokens that follow the text, by their numbers in the vocabulary: 464,11.",
      valueName: "ids"))
  var append: TokenNumbers?

  /// The edits for a text.
  ///
  /// - Throws: `UsageError` for words that are no replacement, `ModelError` for a token that is not there.
  func edits(
    _ temperature: AttentionTemperature, _ model: Model, text: String, pair: String?
  ) throws -> WalkEdits {
    var edits = WalkEdits(
      attentionTemperature: temperature, off: Set(off.map(\.head)), appended: append?.ids ?? [])
    try edits.check(model.configuration)
    for replaced in try replacements(model, text: text, pair: pair) {
      edits.replaced[replaced.token] = replaced.id
    }
    return edits
  }

  /// The tokens that are replaced, by what was typed and which entry of the vocabulary that is.
  func replacements(
    _ model: Model, text: String, pair: String?
  ) throws -> [(token: Int, id: Int, word: String)] {
    guard !replace.isEmpty else { return [] }
    let encoding = try model.tokenizer.encode(text, pair: pair)
    let tokens = model.tokenizer.display(encoding, text: text, pair: pair)
    return try replace.map { words in
      let (position, word) = try Self.parts(words, tokens)
      return (position, try model.replacement(word, of: encoding.tokens[position]), word)
    }
  }

  private static func parts(
    _ words: String, _ tokens: [DisplayToken]
  ) throws -> (position: Int, word: String) {
    guard let sign = words.dropFirst().firstIndex(of: "=") else {
      throw UsageError("--replace takes a token and a word: 3=dog, not \"\(words.visible)\"")
    }
    let word = String(words[words.index(after: sign)...])
    guard !word.isEmpty else {
      throw UsageError("--replace takes a word after the =: 3=dog, not \"\(words.visible)\"")
    }
    return (try TokenWord.position(String(words[..<sign]), in: tokens), word)
  }
}

/// Entries of a vocabulary by their numbers: `464,11`.
struct TokenNumbers: ExpressibleByArgument, Equatable {
  let ids: [Int]

  init(_ ids: [Int]) { self.ids = ids }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    ids = parts.compactMap { Int($0) }.filter { $0 >= 0 }
    guard ids.count == parts.count else { return nil }
  }
}

/// A token by its number or its text.
enum TokenWord {
  /// The place of the token that words name; of several with the same text the first.
  ///
  /// - Throws: `UsageError` that names what there is.
  static func position(_ words: String, in tokens: [DisplayToken]) throws -> Int {
    if let found = find(words, in: tokens) { return found }
    if let number = Int(words) {
      throw UsageError(
        "there is no token \(number); the text has tokens 0 to \(tokens.count - 1)")
    }
    let names = tokens.prefix(12).enumerated().map { "\($0) \($1.text)" }.joined(separator: ", ")
    let known = tokens.map { $0.text.filter { $0 != "␣" } }
    throw UsageError(
      "there is no token \"\(words.visible)\"; "
        + known.hint(
          for: words, otherwise: "the text has \(names)\(tokens.count > 12 ? ", …" : "")"))
  }

  /// The same; `nil` where there is no such token.
  static func find(_ words: String, in tokens: [DisplayToken]) -> Int? {
    if let number = Int(words), tokens.indices.contains(number) { return number }
    func plain(_ token: DisplayToken) -> [String] {
      [token.text, token.raw, token.source.filter { $0 != " " }, token.text.filter { $0 != "␣" }]
    }
    return tokens.firstIndex { plain($0).contains(words) }
      ?? tokens.firstIndex { plain($0).map { $0.lowercased() }.contains(words.lowercased()) }
  }
}
