/// A step that changes the text before it is cut into words.
indirect enum Normalizer: Sendable {
  case sequence([Normalizer])
  case bert(BERTNormalizer)
  case form(CanonicalForm)
  case lowercase
  /// Drops all combining marks.
  case stripAccents
  case strip(left: Bool, right: Bool)
  case replace(Pattern, [Unicode.Scalar])
  case prepend([Unicode.Scalar])
  case characterMap(CharacterMap)
  /// All that SentencePiece itself does.
  case sentencePiece(SentencePieceNormalizer)
  /// The clean-up of SentencePiece's `nmt` rules.
  case nmt
  /// Bytes to printable characters, as the pre-tokenizer of that name does.
  case byteLevel

  /// How long a text may get: a thousand a's for every a is an attack.
  private static func mostScalars(for original: Int) -> Int { 1_000_000 + 32 * original }

  /// Changes the text.
  ///
  /// - Throws: `TokenizationError` when the text grows beyond all bounds.
  func apply(to text: inout AlignedText) throws {
    let limit = Self.mostScalars(for: text.scalars.count)
    try apply(to: &text, limit: limit)
  }

  private func apply(to text: inout AlignedText, limit: Int) throws {
    switch self {
    case .sequence(let steps): for step in steps { try step.apply(to: &text, limit: limit) }
    case .bert(let bert): bert.apply(to: &text)
    case .form(let form): text.normalize(to: form)
    case .lowercase: text.lowercase()
    case .stripAccents: text.filter { !$0.isCombiningMark }
    case .strip(let left, let right): text.strip(left: left, right: right)
    case .replace(let pattern, let content):
      let ranges = try pattern.matches(in: text.scalars)
      let (growth, overflows) = ranges.count.multipliedReportingOverflow(by: content.count)
      guard !overflows, growth <= limit - min(limit, text.scalars.count) else {
        throw TokenizationError(
          "the tokenizer's normalizer makes the text longer than \(limit) characters")
      }
      text.replace(ranges, by: content)
    case .prepend(let prefix): text.prepend(prefix)
    case .characterMap(let map): map.apply(to: &text)
    case .sentencePiece(let normalizer): normalizer.apply(to: &text)
    case .nmt: text.cleanNMT()
    case .byteLevel: text.spellBytes()
    }
  }
}

/// What BERT does with a text: clean it, set ideographs apart, strip accents, lower the case.
struct BERTNormalizer: Sendable {
  var cleansText: Bool
  var separatesIdeographs: Bool
  var stripsAccents: Bool
  var lowersCase: Bool

  func apply(to text: inout AlignedText) {
    if cleansText {
      text.filter { !$0.isBERTControl && $0.value != 0 }
      text.map { $0.isSpace ? " " : $0 }
    }
    if separatesIdeographs { text.separateIdeographs() }
    if stripsAccents {
      text.normalize(to: .nfd)
      text.filter { !$0.isBERTAccent }
    }
    if lowersCase { text.lowercase() }
  }
}

extension AlignedText {
  /// Lower case scalar by scalar: no final sigma, İ becomes i with a dot.
  mutating func lowercase() {
    expand { scalar, result in
      if scalar.isASCII {
        let isCapital = (0x41...0x5A).contains(scalar.value)
        result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value + 0x20)) : scalar)
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
  }

  /// Drops white space at the ends.
  mutating func strip(left: Bool, right: Bool) {
    let isText: (Unicode.Scalar) -> Bool = { !$0.isSpace }
    var range = indices
    if left { range = (scalars.firstIndex(where: isText) ?? range.upperBound)..<range.upperBound }
    if right {
      let end = scalars[range].lastIndex(where: isText).map { $0 + 1 } ?? range.lowerBound
      range = range.lowerBound..<end
    }
    keep(range)
  }

  /// Puts a space on both sides of every ideograph.
  fileprivate mutating func separateIdeographs() {
    guard scalars.contains(where: \.isBERTIdeograph) else { return }
    expand { scalar, result in
      result += scalar.isBERTIdeograph ? [" ", scalar, " "] : [scalar]
    }
  }

  fileprivate mutating func cleanNMT() {
    filter { scalar in
      switch scalar.value {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: false
      default: true
      }
    }
    map { scalar in
      switch scalar.value {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
        0xFFFD:
        " "
      default: scalar
      }
    }
  }
}

extension Normalizer {
  private static let known = [
    "BertNormalizer", "ByteLevel", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Nmt",
    "Precompiled", "Prepend", "Replace", "Sequence", "Strip", "StripAccents",
  ]

  /// Reads the normalizer of `tokenizer.json`.
  init(_ component: Component) throws {
    switch component.type {
    case "Sequence": self = .sequence(try component.parts("normalizers").map(Normalizer.init))
    case "BertNormalizer":
      let lowersCase = try component.flag("lowercase", default: true)
      self = .bert(
        BERTNormalizer(
          cleansText: try component.flag("clean_text", default: true),
          separatesIdeographs: try component.flag("handle_chinese_chars", default: true),
          stripsAccents: try component.flag("strip_accents", default: lowersCase),
          lowersCase: lowersCase))
    case "NFC": self = .form(.nfc)
    case "NFD": self = .form(.nfd)
    case "NFKC": self = .form(.nfkc)
    case "NFKD": self = .form(.nfkd)
    case "Lowercase": self = .lowercase
    case "StripAccents": self = .stripAccents
    case "Strip":
      self = .strip(
        left: try component.flag("strip_left", default: true),
        right: try component.flag("strip_right", default: true))
    case "Replace":
      self = .replace(
        try component.pattern("pattern"), Array(try component.text("content").unicodeScalars))
    case "Prepend": self = .prepend(Array(try component.text("prepend").unicodeScalars))
    case "Precompiled":
      self = .characterMap(
        try CharacterMap(
          base64: try component.text("precompiled_charsmap"), path: component.path))
    case "Nmt": self = .nmt
    case "ByteLevel": self = .byteLevel
    default: throw component.unknownType(Self.known)
    }
  }
}
