internal import Files

extension Pattern {
  /// Reads a regular expression in the syntax of Oniguruma, as far as patterns need it.
  ///
  /// - Throws: `FileError` that says what is not supported.
  init(regex: String, path: String) throws {
    var parser = PatternParser(regex, path: path)
    self.init(try parser.pattern())
  }
}

/// Reads a regular expression scalar by scalar. Groups are multiplied out into alternatives.
private struct PatternParser {
  typealias Element = Pattern.Element

  private let regex: String
  private let scalars: [Unicode.Scalar]
  private let path: String
  private var position = 0
  private var ignoresCase = false
  private var depth = 0

  private static let mostElements = 4096
  private static let deepest = 20

  init(_ regex: String, path: String) {
    self.regex = regex
    self.path = path
    scalars = Array(regex.unicodeScalars)
  }

  mutating func pattern() throws -> [[Element]] {
    let result = try alternatives()
    guard position == scalars.count else { throw unsupported("an unmatched )") }
    return result
  }

  // MARK: structure

  private mutating func alternatives() throws -> [[Element]] {
    var result: [[Element]] = []
    repeat {
      result += try sequence()
      guard result.reduce(0, { $0 + $1.count + 1 }) <= Self.mostElements else {
        throw unsupported("so many alternatives")
      }
    } while take("|")
    return result
  }

  /// One sequence; as several where it holds groups.
  private mutating func sequence() throws -> [[Element]] {
    var result: [[Element]] = [[]]
    while let next = peek, next != "|", next != ")" {
      let parts = try item()
      guard result.count * parts.count * 8 <= Self.mostElements else {
        throw unsupported("so many alternatives")
      }
      result = result.flatMap { head in parts.map { head + $0 } }
    }
    return result
  }

  /// One class with its quantifier, one anchor, or one group.
  private mutating func item() throws -> [[Element]] {
    if take("(") { return try group() }
    if take("^") { return [[.lineStart]] }
    if take("$") { return [[.lineEnd]] }
    let members = try characterClass()
    let (minimum, maximum, isPossessive) = try quantifier()
    return [
      [.characters(members, minimum: minimum, maximum: maximum, isPossessive: isPossessive)]
    ]
  }

  private mutating func group() throws -> [[Element]] {
    depth += 1
    guard depth <= Self.deepest else { throw unsupported("groups nested so deep") }
    defer { depth -= 1 }
    let outerCase = ignoresCase
    defer { ignoresCase = outerCase }
    var look: Bool?  // whether a look ahead is negated
    if take("?") {
      if take("!") {
        look = true
      } else if take("=") {
        look = false
      } else {
        if take("i") { ignoresCase = true }
        guard take(":") else { throw unsupported("this kind of group") }
      }
    }
    let inner = try alternatives()
    guard take(")") else { throw unsupported("a group without end") }
    let (minimum, maximum, _) = try quantifier()
    switch (look, minimum, maximum) {
    case (let isNegated?, 1, 1): return [[.lookAhead(inner, isNegated: isNegated)]]
    case (nil, 1, 1): return inner
    case (nil, 0, 1): return inner + [[]]
    default: throw unsupported("a repeated group")
    }
  }

  private mutating func quantifier() throws -> (minimum: Int, maximum: Int, isPossessive: Bool) {
    var bounds = (minimum: 1, maximum: 1)
    if take("?") {
      bounds = (0, 1)
    } else if take("*") {
      bounds = (0, .max)
    } else if take("+") {
      bounds = (1, .max)
    } else if take("{") {
      bounds = try bracedBounds()
    } else {
      return (1, 1, false)
    }
    let isPossessive = take("+")
    if let next = peek, "?*+{".unicodeScalars.contains(next) {
      throw unsupported("this kind of repetition")
    }
    return (bounds.minimum, bounds.maximum, isPossessive)
  }

  private mutating func bracedBounds() throws -> (minimum: Int, maximum: Int) {
    let minimum = number()
    var maximum = minimum
    if take(",") { maximum = number() ?? .max }
    guard take("}"), let maximum, minimum ?? 0 <= maximum else {
      throw unsupported("this repetition")
    }
    return (minimum ?? 0, maximum)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = peek, digit.isASCIIDigit, value ?? 0 < 1_000_000 {
      value = (value ?? 0) * 10 + Int(digit.value - 0x30)
      position += 1
    }
    return value
  }

  // MARK: classes

  private mutating func characterClass() throws -> ScalarClass {
    guard let first = peek else { throw unsupported("an end here") }
    position += 1
    switch first {
    case "[": return try bracketClass()
    case ".": return ScalarClass([.range(0x0A...0x0A)], isNegated: true)
    case "\\":
      if take("w") { return .word(isNegated: false) }
      if take("W") { return .word(isNegated: true) }
      if let term = try classEscape() { return ScalarClass([term]) }
      return ScalarClass(try escapedScalar(), ignoringCase: ignoresCase)
    case "?", "*", "+", "{": throw unsupported("a repetition of nothing")
    default: return ScalarClass(first, ignoringCase: ignoresCase)
    }
  }

  private mutating func bracketClass() throws -> ScalarClass {
    depth += 1
    guard depth <= Self.deepest else { throw unsupported("classes nested so deep") }
    defer { depth -= 1 }
    let isNegated = take("^")
    var terms: [ScalarClass.Term] = []
    repeat {
      guard let next = peek else { throw unsupported("a class without end") }
      if next == "[" {
        position += 1
        guard peek != ":" else { throw unsupported("a POSIX class") }
        terms.append(.nested(try bracketClass()))
      } else if next == "&", position + 1 < scalars.count, scalars[position + 1] == "&" {
        throw unsupported("an intersection of classes")
      } else {
        terms.append(contentsOf: try bracketTerms())
      }
    } while !take("]")
    return ScalarClass(terms, isNegated: isNegated)
  }

  /// A scalar, a range of scalars, or an escape such as `\p{L}` inside brackets.
  private mutating func bracketTerms() throws -> [ScalarClass.Term] {
    if peek == "\\" {
      position += 1
      if let term = try classEscape() { return [term] }
      position -= 1
    }
    let first = try bracketScalar()
    if peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
      position += 1
      let last = try bracketScalar()
      guard first.value <= last.value else { throw unsupported("a range that runs backwards") }
      guard !ignoresCase else { throw unsupported("a range without case") }
      return [.range(first.value...last.value)]
    }
    return [.nested(ScalarClass(first, ignoringCase: ignoresCase))]
  }

  private mutating func bracketScalar() throws -> Unicode.Scalar {
    guard let scalar = peek else { throw unsupported("a class without end") }
    position += 1
    return scalar == "\\" ? try escapedScalar() : scalar
  }

  // MARK: escapes

  /// The class of an escape, behind its backslash; nil, and nothing read, for a single scalar.
  private mutating func classEscape() throws -> ScalarClass.Term? {
    guard let letter = peek else { throw unsupported("a backslash at the end") }
    position += 1
    switch letter {
    case "s": return .space
    case "S": return .not(.space)
    case "w": return .word
    case "W": return .not(.word)
    case "d": return .categories([.decimalNumber])
    case "D": return .not(.categories([.decimalNumber]))
    case "p": return try property()
    case "P": return .not(try property())
    default:
      position -= 1
      return nil
    }
  }

  private mutating func property() throws -> ScalarClass.Term {
    var name = ""
    guard take("{") else { throw unsupported("\\p without braces") }
    let isNegated = take("^")
    while let next = peek, next != "}" {
      name.unicodeScalars.append(next)
      position += 1
    }
    guard take("}"), let categories = Unicode.GeneralCategory.named(name) else {
      throw unsupported("the property \(name.quoted)")
    }
    return isNegated ? .not(.categories(categories)) : .categories(categories)
  }

  private mutating func escapedScalar() throws -> Unicode.Scalar {
    guard let letter = peek else { throw unsupported("a backslash at the end") }
    position += 1
    switch letter {
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "f": return "\u{0C}"
    case "v": return "\u{0B}"
    case "x" where take("{"):
      let scalar = try hexadecimal(upTo: 6)
      guard take("}") else { throw unsupported("this \\x") }
      return scalar
    case "x": return try hexadecimal(upTo: 2)
    case "u": return try hexadecimal(upTo: 4)
    default:
      guard letter.isASCII, !letter.isASCIILetter, !letter.isASCIIDigit else {
        throw unsupported("\\\(letter)")
      }
      return letter
    }
  }

  private mutating func hexadecimal(upTo most: Int) throws -> Unicode.Scalar {
    var value: UInt32 = 0
    var count = 0
    while count < most, let digit = peek.flatMap({ Character($0).hexDigitValue }) {
      value = value << 4 + UInt32(digit)
      position += 1
      count += 1
    }
    guard count > 0, let scalar = Unicode.Scalar(value) else { throw unsupported("this escape") }
    return scalar
  }

  // MARK: scalars

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    position += 1
    return true
  }

  private func unsupported(_ what: String) -> FileError {
    FileError(
      .badData, path,
      "the regular expression \(regex.quoted) has \(what) at character \(position + 1), which is not supported"
    )
  }
}

extension Unicode.GeneralCategory {
  /// The categories of a property name: `L`, `Lu`, `N`, ….
  fileprivate static func named(_ name: String) -> Set<Unicode.GeneralCategory>? {
    let members = names.filter {
      $0.name == name || (name.utf8.count == 1 && $0.name.hasPrefix(name))
    }
    return members.isEmpty ? nil : Set(members.map(\.category))
  }

  private static let names: [(name: String, category: Unicode.GeneralCategory)] = [
    ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter),
    ("Lm", .modifierLetter), ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark),
    ("Me", .enclosingMark), ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber),
    ("Pc", .connectorPunctuation), ("Pd", .dashPunctuation), ("Ps", .openPunctuation),
    ("Pe", .closePunctuation), ("Pi", .initialPunctuation), ("Pf", .finalPunctuation),
    ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
    ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator),
    ("Zl", .lineSeparator), ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format),
    ("Co", .privateUse), ("Cs", .surrogate),
  ]
}
