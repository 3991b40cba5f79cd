/// Classes of scalars as the reference implementation has them. Its components were built at
/// different times, so each has its own version of Unicode: the regular expressions have 16, the
/// BERT rules 8, the combining marks 9. (Measured over all code points, tokenizers 0.22.2.)
extension Unicode.Scalar {
  /// White_Space, the same in all versions.
  var isSpace: Bool {
    isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
  }

  /// A number of any kind: Nd, Nl, No.
  var isNumber: Bool {
    isASCII ? isASCIIDigit : properties.generalCategory.isNumber
  }

  var isASCIIDigit: Bool { (0x30...0x39).contains(value) }

  /// Whether the scalar was assigned in Unicode `version`.0 or before.
  func isAssigned(in version: Int) -> Bool {
    properties.age.map { ($0.major, $0.minor) <= (version, 0) } ?? false
  }

  /// Punctuation of the BERT rules: all ASCII marks and symbols, and category P.
  var isBERTPunctuation: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    case ..<0x80: false
    case 0x166D, 0x111C9: true
    default: properties.generalCategory.isPunctuation && isAssigned(in: 8)
    }
  }

  /// What BERT's cleaning removes: U+0000, U+FFFD, controls, formats and private use.
  var isBERTControl: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D: return false
    case 0xFFFD: return true
    case ..<0x7F: return value < 0x20
    default:
      switch properties.generalCategory {
      case .privateUse: return true
      case .control, .format: return isAssigned(in: 8)
      default: return false
      }
    }
  }

  /// The accents that BERT strips: nonspacing marks.
  var isBERTAccent: Bool {
    switch value {
    case ..<0x300: false
    case 0x1734, 0x1171E: true
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    default: properties.generalCategory == .nonspacingMark && isAssigned(in: 8)
    }
  }

  /// A mark of any kind, for `StripAccents`.
  var isCombiningMark: Bool {
    switch value {
    case ..<0x300: false
    case 0x1CF2, 0x1CF3: true
    case 0x111C9: false
    default: properties.generalCategory.isMark && isAssigned(in: 9)
    }
  }

  /// The ideographs that BERT sets apart by spaces, in the reference's ranges.
  var isBERTIdeograph: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// A word character of Unicode's regular expressions (UTS 18): alphabetic, mark, decimal digit,
  /// connector, joiner.
  var isWord: Bool {
    if isASCII { return isASCIIDigit || isASCIILetter || value == 0x5F }
    let category = properties.generalCategory
    let belongs =
      properties.isAlphabetic || category.isMark || category == .decimalNumber
      || category == .connectorPunctuation || properties.isJoinControl
    return belongs && isAssigned(in: 16)
  }

  var isASCIILetter: Bool { (0x61...0x7A).contains(value | 0x20) }
}

extension Unicode.GeneralCategory {
  var isLetter: Bool {
    switch self {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  var isMark: Bool {
    self == .nonspacingMark || self == .spacingMark || self == .enclosingMark
  }

  var isNumber: Bool {
    self == .decimalNumber || self == .letterNumber || self == .otherNumber
  }

  var isPunctuation: Bool {
    switch self {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }
}
