/// A step on the way from tokens back to text.
indirect enum Decoder: Sendable {
  case sequence([Decoder])
  case byteLevel
  /// Tokens of the form `<0x0A>` become bytes.
  case byteFallback
  case wordPiece(prefix: [Unicode.Scalar], cleansUp: Bool)
  case metaspace(Metaspace)
  /// The suffix of a word becomes a space, except at the end.
  case wordSuffix(Pattern)
  case replace(Pattern, [Unicode.Scalar])
  /// Joins everything to one piece.
  case fuse
  case strip(Unicode.Scalar, start: Int, stop: Int)

  /// The steps without nesting.
  var steps: [Decoder] {
    if case .sequence(let steps) = self { steps.flatMap(\.steps) } else { [self] }
  }

  /// Changes the tokens; what is left is joined to the text.
  func apply(to tokens: [[Unicode.Scalar]]) -> [[Unicode.Scalar]] {
    switch self {
    case .sequence(let steps): return steps.reduce(tokens) { $1.apply(to: $0) }
    case .byteLevel:
      let bytes = tokens.flatMap { ByteAlphabet.bytes(of: $0) ?? Self.utf8($0) }
      return [Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)]
    case .byteFallback: return Self.joinBytes(tokens)
    case .wordPiece(let prefix, let cleansUp):
      return tokens.enumerated().map { index, token in
        var text = token
        if index > 0 {
          text = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [" "] + token
        }
        return cleansUp ? Self.cleanUp(text) : text
      }
    case .metaspace(let metaspace):
      return tokens.enumerated().map { index, token in
        let drops = index == 0 && metaspace.prepending != .never
        return token.compactMap { scalar in
          scalar == metaspace.replacement ? (drops ? nil : " ") : scalar
        }
      }
    case .wordSuffix(let suffix):
      return tokens.enumerated().map { index, token in
        suffix.replacing(token, by: index == tokens.count - 1 ? [] : [" "])
      }
    case .replace(let pattern, let content):
      return tokens.map { pattern.replacing($0, by: content) }
    case .fuse: return [tokens.flatMap(\.self)]
    case .strip(let scalar, let start, let stop):
      return tokens.map { token in
        let left = token.prefix(start).prefix { $0 == scalar }.count
        let rest = token.dropFirst(left)
        let right = rest.suffix(stop).reversed().prefix { $0 == scalar }.count
        return Array(rest.dropLast(right))
      }
    }
  }

  private static func utf8(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    scalars.flatMap { UTF8.encode($0) ?? .init() }
  }

  /// Joins runs of byte tokens to text; a run that is not UTF-8 gives one U+FFFD a byte.
  private static func joinBytes(_ tokens: [[Unicode.Scalar]]) -> [[Unicode.Scalar]] {
    var result: [[Unicode.Scalar]] = []
    var bytes: [UInt8] = []
    func flush() {
      if let text = String(validating: bytes, as: UTF8.self) {
        if !bytes.isEmpty { result.append(Array(text.unicodeScalars)) }
      } else {
        result += Array(repeating: ["\u{FFFD}"], count: bytes.count)
      }
      bytes = []
    }
    for token in tokens {
      if let byte = byteOfToken(token) {
        bytes.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  /// The replacements of the reference's clean-up of English, in order.
  private static let cleanUps: [(Pattern, [Unicode.Scalar])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Pattern(literal: $0.0), Array($0.1.unicodeScalars)) }

  private static func cleanUp(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard text.contains(" ") else { return text }
    return cleanUps.reduce(text) { $1.0.replacing($0, by: $1.1) }
  }
}

/// The byte that a token `<0x0A>` stands for.
func byteOfToken(_ token: some BidirectionalCollection<Unicode.Scalar>) -> UInt8? {
  guard token.count == 6, token.starts(with: "<0x".unicodeScalars), token.last == ">" else {
    return nil
  }
  let digits = token.dropFirst(3).dropLast().compactMap {
    $0.isASCII ? Character($0).hexDigitValue : nil
  }
  return digits.count == 2 ? UInt8(digits[0] << 4 | digits[1]) : nil
}

extension Pattern {
  /// Replaces the matches; a text that is too hard to search stays as it is.
  fileprivate func replacing(
    _ text: [Unicode.Scalar], by content: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    guard let ranges = try? matches(in: text[...]), !ranges.isEmpty else { return text }
    var result: [Unicode.Scalar] = []
    var done = 0
    for range in ranges {
      result += text[done..<range.lowerBound]
      result += content
      done = range.upperBound
    }
    return result + text[done...]
  }
}

// MARK: - tokenizer.json

extension Decoder {
  private static let known = [
    "BPEDecoder", "ByteFallback", "ByteLevel", "Fuse", "Metaspace", "Replace", "Sequence",
    "Strip", "WordPiece",
  ]

  /// Reads the decoder of `tokenizer.json`.
  init(_ component: Component) throws {
    switch component.type {
    case "Sequence": self = .sequence(try component.parts("decoders").map(Decoder.init))
    case "ByteLevel": self = .byteLevel
    case "ByteFallback": self = .byteFallback
    case "WordPiece":
      self = .wordPiece(
        prefix: Array(try component.text("prefix").unicodeScalars),
        cleansUp: try component.flag("cleanup", default: true))
    case "Metaspace": self = .metaspace(try Metaspace(component))
    case "BPEDecoder":
      self = .wordSuffix(Pattern(literal: try component.text("suffix")))
    case "Replace":
      self = .replace(
        try component.pattern("pattern"), Array(try component.text("content").unicodeScalars))
    case "Fuse": self = .fuse
    case "Strip":
      self = .strip(
        try component.scalar("content"), start: max(0, try component.integer("start") ?? 0),
        stop: max(0, try component.integer("stop") ?? 0))
    default: throw component.unknownType(Self.known)
    }
  }
}
