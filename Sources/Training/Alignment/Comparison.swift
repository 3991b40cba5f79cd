public import Files

/// Two texts that continue one prompt, as somebody compared them: with a choice, a tie, or none.
///
/// A line of a file of comparisons that has a choice is a line of a file of pairs as well.
public struct Comparison: Sendable, Equatable {
  /// What was said.
  public enum Choice: String, Sendable, CaseIterable {
    case left, right
    /// Both are as good.
    case tie
    /// Nothing was said.
    case skip
  }

  /// A text with the policy that wrote it.
  public struct Side: Sendable, Equatable {
    /// The text and its tokens.
    public var text: PreferencePair.Text
    /// Who wrote it; `nil` where nobody says.
    public var policy: String?

    /// Creates a side.
    public init(_ text: PreferencePair.Text, policy: String? = nil) {
      (self.text, self.policy) = (text, policy)
    }
  }

  /// Which comparison it is, from 0: the place among the candidates.
  public var number: Int
  /// What both continue.
  public var prompt: PreferencePair.Text
  /// What stood at the left, or came first.
  public var left: Side
  /// What stood at the right.
  public var right: Side
  /// What was said.
  public var choice: Choice
  /// Who said it.
  public var source: PreferencePair.Source

  /// Creates a comparison.
  public init(
    number: Int, prompt: PreferencePair.Text, left: Side, right: Side, choice: Choice,
    source: PreferencePair.Source = .person
  ) {
    (self.number, self.prompt) = (number, prompt)
    (self.left, self.right, self.choice, self.source) = (left, right, choice, source)
  }

  /// The pair that a choice makes; `nil` for a tie and for nothing.
  public var pair: PreferencePair? {
    switch choice {
    case .left:
      PreferencePair(prompt: prompt, chosen: left.text, rejected: right.text, source: source)
    case .right:
      PreferencePair(prompt: prompt, chosen: right.text, rejected: left.text, source: source)
    case .tie, .skip: nil
    }
  }
}

// MARK: a line of a file

extension Comparison {
  /// The comparison as JSON: one line of a file.
  public var json: JSON {
    var members = [
      JSON.Member("number", .integer(number)), JSON.Member("choice", .string(choice.rawValue)),
    ]
    members += pair?.json.members ?? []
    let names =
      switch choice {
      case .left: ["chosen_policy", "rejected_policy"]
      case .right: ["rejected_policy", "chosen_policy"]
      case .tie, .skip: ["left_policy", "right_policy"]
      }
    if pair == nil {
      for (key, text) in [("prompt", prompt), ("left", left.text), ("right", right.text)] {
        members.append(JSON.Member(key, .string(text.text)))
        members.append(JSON.Member(key + "_ids", .array(text.ids.map(JSON.integer))))
      }
    }
    for (name, policy) in zip(names, [left.policy, right.policy]) {
      if let policy { members.append(JSON.Member(name, .string(policy))) }
    }
    return .object(members)
  }

  /// Reads a line that `json` wrote, a pair (whose chosen text then stands at the left), or two
  /// candidates that nobody has compared: "prompt", "left" and "right".
  ///
  /// - Parameters:
  ///   - json: The parsed line.
  ///   - number: The number of a line that does not say its own.
  ///   - path: The file’s name for messages.
  /// - Throws: `FileError` that says what is missing.
  public init(_ json: JSON, number: Int, path: String) throws {
    func text(_ key: String) throws -> PreferencePair.Text {
      guard let text = json[key]?.string else {
        throw FileError(
          .badData, path,
          "has no text \"\(key)\"; a line has prompt with left and right, or with chosen and rejected"
        )
      }
      let ids = (json[key + "_ids"]?.elements ?? []).compactMap(\.integer)
      return PreferencePair.Text(text, ids: ids)
    }
    let isPair = json["chosen"] != nil
    let said = json["choice"]?.string
    guard let choice = Choice(rawValue: said ?? (isPair ? "left" : "skip")) else {
      throw FileError(
        .badData, path, "the choice \((said ?? "").visible) is none of left, right, tie, skip")
    }
    guard isPair || choice == .tie || choice == .skip else {
      throw FileError(.badData, path, "a choice needs the texts \"chosen\" and \"rejected\"")
    }
    let keys =
      !isPair
      ? ["left", "right"] : choice == .right ? ["rejected", "chosen"] : ["chosen", "rejected"]
    let sides = try keys.map { Side(try text($0), policy: json[$0 + "_policy"]?.string) }
    self.init(
      number: json["number"]?.integer ?? number, prompt: try text("prompt"), left: sides[0],
      right: sides[1], choice: choice,
      source: json["source"]?.string == "rule"
        ? .rule(json["rule"]?.string ?? "") : .person)
  }

  /// The comparisons of a file of JSON lines, which may be pairs.
  ///
  /// - Throws: `FileError` that names the first line that is none.
  public static func read(_ path: String) throws -> [Comparison] {
    let lines = try readFile(path, limit: 1 << 30).split(
      separator: 0x0A, omittingEmptySubsequences: false)
    var all: [Comparison] = []
    for (index, line) in lines.enumerated()
    where line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) {
      let place = "\(path), line \(index + 1)"
      let json = try JSON(parsing: Array(line), path: place)
      all.append(try Comparison(json, number: all.count, path: place))
    }
    return all
  }

  /// Comparisons as JSON lines.
  public static func lines(_ all: [Comparison]) -> String {
    all.reduce(into: "") { $0 += $1.json.text() + "\n" }
  }
}
