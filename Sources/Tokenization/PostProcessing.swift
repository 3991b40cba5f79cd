internal import Files

/// A token of one text, before special tokens are added.
struct TextToken {
  let id: Int32
  let token: String
  /// What it stands for, in scalars of the original.
  let range: Range<Int32>
  /// The white space of the token; of an added token, what it took along.
  let spaces: OuterSpaces

  init(id: Int, token: String, range: Range<Int>, spaces: OuterSpaces) {
    self.id = Int32(id)
    self.token = token
    self.range = Int32(range.lowerBound)..<Int32(range.upperBound)
    self.spaces = spaces
  }
}

/// How many spaces, or characters that stand for one, are at the ends of a token.
struct OuterSpaces {
  let leading: Int32
  let trailing: Int32

  init(of token: some BidirectionalCollection<Unicode.Scalar>) {
    let isSpace: (Unicode.Scalar) -> Bool = { $0 == ByteAlphabet.space || $0.isSpace }
    var count: Int32 = 0
    for scalar in token {
      guard isSpace(scalar) else { break }
      count += 1
    }
    leading = count
    count = 0
    for scalar in token.reversed() {
      guard isSpace(scalar) else { break }
      count += 1
    }
    trailing = count
  }
}

/// What happens to the tokens of one text or two at the end: ranges are trimmed, and special
/// tokens put around them. Every processor of `tokenizer.json` comes down to these two.
struct PostProcessing: Sendable {
  /// One place of a template.
  enum Place: Sendable {
    case special(id: Int, token: String, type: Int)
    case text(sequence: Int, type: Int)
  }

  /// For each trimming: whether a single leading space was put there by the tokenizer.
  private(set) var trimmings: [Bool] = []
  private(set) var single: [Place] = [.text(sequence: 0, type: 0)]
  private(set) var pair: [Place] = [.text(sequence: 0, type: 0), .text(sequence: 1, type: 1)]

  /// Leaves the tokens as they are.
  init() {}

  /// Puts texts and special tokens in their places; ranges stay as they are.
  init(single: [Place], pair: [Place]) {
    self.single = single
    self.pair = pair
  }

  /// Puts the same special tokens around every text.
  init(
    before: [(id: Int, token: String)], behind: [(id: Int, token: String)], trimsOffsets: Bool
  ) {
    func around(_ sequence: Int) -> [Place] {
      let specials = [before, behind].map { tokens in
        tokens.map { Place.special(id: $0.id, token: $0.token, type: sequence) }
      }
      return specials[0] + [.text(sequence: sequence, type: sequence)] + specials[1]
    }
    single = around(0)
    pair = around(0) + around(1)
    trimmings = trimsOffsets ? [true] : []
  }

  /// Joins the tokens of one or two texts.
  func join(_ texts: [[TextToken]], addsSpecialTokens: Bool) -> Encoding {
    var encoding = Encoding()
    encoding.reserveCapacity(texts.reduce(8) { $0 + $1.count })
    for place in texts.count == 1 ? single : pair {
      switch place {
      case .special(let id, let token, let type):
        if addsSpecialTokens { encoding.append(id, token, 0..<0, type: type, sequence: nil) }
      case .text(let sequence, let type):
        for (index, token) in texts[sequence].enumerated() {
          encoding.append(
            Int(token.id), token.token, trimmedRange(token, isFirst: index == 0), type: type,
            sequence: sequence)
        }
      }
    }
    return encoding
  }

  /// The range without the white space at the ends of the token, as far as asked.
  private func trimmedRange(_ token: TextToken, isFirst: Bool) -> Range<Int> {
    var start = Int(token.range.lowerBound)
    var end = Int(token.range.upperBound)
    for addsPrefixSpace in trimmings {
      let spaces = token.spaces
      if spaces.leading > 0 {
        let isOurs = addsPrefixSpace && spaces.leading == 1 && (isFirst || start == 0)
        if !isOurs { start = min(start + Int(spaces.leading), end) }
      }
      if spaces.trailing > 0, end >= spaces.trailing {
        end = max(end - Int(spaces.trailing), start)
      }
    }
    return start..<end
  }
}

// MARK: - tokenizer.json

extension PostProcessing {
  private static let known = [
    "BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing",
  ]

  /// Reads the post-processor of `tokenizer.json`.
  init(_ component: Component) throws {
    try add(component)
  }

  private mutating func add(_ component: Component) throws {
    switch component.type {
    case "Sequence": for part in try component.parts("processors") { try add(part) }
    case "ByteLevel": try addTrimming(component)
    case "BertProcessing":
      let (first, separator) = try Self.edges(component)
      single = [first(0), .text(sequence: 0, type: 0), separator(0)]
      pair = single + [.text(sequence: 1, type: 1), separator(1)]
    case "RobertaProcessing":
      try addTrimming(component)
      let (first, separator) = try Self.edges(component)
      single = [first(0), .text(sequence: 0, type: 0), separator(0)]
      pair = single + [separator(0), .text(sequence: 1, type: 0), separator(0)]
    case "TemplateProcessing":
      single = try Self.template(component, "single")
      pair = try Self.template(component, "pair")
    default: throw component.unknownType(Self.known)
    }
  }

  private mutating func addTrimming(_ component: Component) throws {
    guard try component.flag("trim_offsets", default: true) else { return }
    trimmings.append(try component.flag("add_prefix_space", default: true))
  }

  /// The special tokens before and behind a text, for a given type.
  private static func edges(
    _ component: Component
  ) throws -> (first: (Int) -> Place, separator: (Int) -> Place) {
    func place(_ key: String) throws -> (Int) -> Place {
      let value = component.value(key)
      guard let token = value?[0]?.string, let id = value?[1]?.integer else {
        throw component.wrong(key, "a token and its id")
      }
      try check(id, component)
      return { .special(id: id, token: token, type: $0) }
    }
    return (try place("cls"), try place("sep"))
  }

  private static func check(_ id: Int, _ component: Component) throws {
    guard (0..<Vocabulary.idLimit).contains(id) else {
      throw component.error(
        "a special token has the id \(id); ids from 0 to \(Vocabulary.idLimit - 1) are accepted")
    }
  }

  private static func template(_ component: Component, _ key: String) throws -> [Place] {
    let specials =
      try component.value("special_tokens") == nil
      ? [] : component.members("special_tokens")
    return try component.elements(key).flatMap { piece -> [Place] in
      if let sequence = piece["Sequence"], let type = sequence["type_id"]?.integer,
        let index = ["A", "B"].firstIndex(of: sequence["id"]?.string ?? ""),
        key == "pair" || index == 0
      {
        return [.text(sequence: index, type: type)]
      }
      guard let special = piece["SpecialToken"], let type = special["type_id"]?.integer,
        let name = special["id"]?.string
      else {
        throw component.wrong(key, "a list of {\"SpecialToken\": …} and {\"Sequence\": …}")
      }
      let places = specials.first { bytesEqual($0.key, name) }
      guard let ids = places?.value["ids"]?.elements?.compactMap(\.integer),
        let tokens = places?.value["tokens"]?.elements?.compactMap(\.string),
        ids.count == tokens.count
      else {
        throw component.error(
          "the template names \(name.quoted), which \"special_tokens\" does not explain")
      }
      for id in ids { try check(id, component) }
      return zip(ids, tokens).map { .special(id: $0, token: $1, type: type) }
    }
  }
}
