public import Files
public import Tokenization

/// Two continuations of one prompt, of which one was chosen.
public struct PreferencePair: Sendable, Equatable {
  /// Who chose.
  public enum Source: Sendable, Equatable {
    /// A stated rule, by its name.
    case rule(String)
    /// A person.
    case person
  }

  /// A text as the model wrote it: the text alone does not say which tokens it is made of, nor
  /// whether it was ended.
  public struct Text: Sendable, Equatable {
    /// What it says.
    public var text: String
    /// Its tokens, the end token included where the writer ended the text.
    public var ids: [Int]

    /// Creates a text.
    public init(_ text: String, ids: [Int]) {
      (self.text, self.ids) = (text, ids)
    }
  }

  /// What both continue.
  public var prompt: Text
  /// The better one.
  public var chosen: Text
  /// The worse one.
  public var rejected: Text
  /// Who says so.
  public var source: Source
  /// Whether chance turned the rule's choice round; `nil` where nobody knows.
  public var isFlipped: Bool?

  /// Creates a pair.
  public init(
    prompt: Text, chosen: Text, rejected: Text, source: Source, isFlipped: Bool? = nil
  ) {
    (self.prompt, self.chosen, self.rejected) = (prompt, chosen, rejected)
    (self.source, self.isFlipped) = (source, isFlipped)
  }
}

// MARK: a line of a file

extension PreferencePair {
  /// The pair as JSON: one line of a file of pairs.
  public var json: JSON {
    var members = [("prompt", prompt), ("chosen", chosen), ("rejected", rejected)].flatMap {
      [
        JSON.Member($0, .string($1.text)),
        JSON.Member($0 + "_ids", .array($1.ids.map(JSON.integer))),
      ]
    }
    switch source {
    case .person: members.append(JSON.Member("source", "person"))
    case .rule(let name):
      members += [JSON.Member("source", "rule"), JSON.Member("rule", .string(name))]
    }
    if let isFlipped { members.append(JSON.Member("flipped", .bool(isFlipped))) }
    return .object(members)
  }

  /// Reads what `json` wrote. A pair of another origin needs "prompt", "chosen" and "rejected"
  /// only: then the ids are empty.
  ///
  /// - Throws: `FileError` that says what is missing.
  public init(_ json: JSON, path: String) throws {
    func text(_ key: String) throws -> Text {
      guard let text = json[key]?.string else {
        throw FileError(.badData, path, "has no text \"\(key)\"; it is no pair")
      }
      let elements = json[key + "_ids"]?.elements ?? []
      let ids = elements.compactMap(\.integer)
      guard ids.count == elements.count, ids.allSatisfy({ $0 >= 0 }) else {
        throw FileError(.badData, path, "\"\(key)_ids\" are no token numbers")
      }
      return Text(text, ids: ids)
    }
    prompt = try text("prompt")
    (chosen, rejected) = (try text("chosen"), try text("rejected"))
    let rule = json["rule"]?.string
    switch json["source"]?.string {
    case "rule"?: source = .rule(rule ?? "")
    case "person"?, nil: source = rule.map(Source.rule) ?? .person
    case let other?:
      throw FileError(.badData, path, "the source \(other.visible) is neither rule nor person")
    }
    isFlipped = json["flipped"]?.bool
    guard chosen != rejected || chosen.ids.isEmpty && chosen.text != rejected.text else {
      throw FileError(.badData, path, "both texts are the same; there is nothing to choose")
    }
  }

  /// The pairs of a file of JSON lines.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - tokenizer: Cuts texts that come without ids.
  ///   - endToken: Ends a continuation that comes without ids.
  /// - Throws: `FileError` that names the first line that is no pair.
  public static func read(
    _ path: String, tokenizer: Tokenizer, endToken: Int?
  ) throws -> [PreferencePair] {
    let lines = try readFile(path, limit: 1 << 30).split(
      separator: 0x0A, omittingEmptySubsequences: false)
    let pairs = try lines.enumerated().compactMap { number, line -> PreferencePair? in
      guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return nil }
      let place = "\(path), line \(number + 1)"
      let json = try JSON(parsing: Array(line), path: place)
      // A comparison without a choice.
      if let choice = json["choice"]?.string, ["tie", "skip"].contains(choice) { return nil }
      let pair = try PreferencePair(json, path: place)
      return try pair.tokenized(by: tokenizer, endToken: endToken, path: place)
    }
    guard !pairs.isEmpty else { throw FileError(.badData, path, "holds no pair") }
    return pairs
  }

  /// Pairs as JSON lines.
  public static func lines(_ pairs: [PreferencePair]) -> String {
    pairs.reduce(into: "") { $0 += $1.json.text() + "\n" }
  }

  /// The pair with ids for what has none.
  private func tokenized(
    by tokenizer: Tokenizer, endToken: Int?, path: String
  ) throws -> PreferencePair {
    var pair = self
    if pair.prompt.ids.isEmpty {
      pair.prompt.ids = try tokenizer.encode(prompt.text).ids
    }
    let end = endToken.map { [$0] } ?? []
    for side in [\PreferencePair.chosen, \PreferencePair.rejected]
    where pair[keyPath: side].ids.isEmpty {
      let text = pair[keyPath: side].text
      pair[keyPath: side].ids = try tokenizer.encode(text, addSpecialTokens: false).ids + end
    }
    guard !pair.prompt.ids.isEmpty, !pair.chosen.ids.isEmpty, !pair.rejected.ids.isEmpty else {
      throw FileError(.badData, path, "a text has no tokens")
    }
    return pair
  }
}
