/// A set of scalars as a regular expression writes it: `\p{L}`, `[^\s,]`, `x`.
struct ScalarClass: Sendable {
  /// One part of a set.
  indirect enum Term: Sendable {
    case range(ClosedRange<UInt32>)
    /// General categories, of Unicode 16.
    case categories(Set<Unicode.GeneralCategory>)
    case space
    /// Word characters without the joiners, as in brackets.
    case word
    case not(Term)
    case nested(ScalarClass)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      switch self {
      case .range(let range): range.contains(scalar.value)
      case .categories(let categories):
        categories.contains(scalar.properties.generalCategory)
          && (scalar.isASCII || scalar.isAssigned(in: 16))
      case .space: scalar.isSpace
      case .word: scalar.isWord && scalar.value != 0x200C && scalar.value != 0x200D
      case .not(let term): !term.contains(scalar)
      case .nested(let inner): inner.contains(scalar)
      }
    }
  }

  private let terms: [Term]
  private let isNegated: Bool
  /// The members below U+0040 and below U+0080, as bits.
  private let low: UInt64
  private let high: UInt64

  /// The union of `terms`, or everything else.
  init(_ terms: [Term], isNegated: Bool = false) {
    self.terms = terms
    self.isNegated = isNegated
    func bits(from first: UInt8) -> UInt64 {
      (0..<64).reduce(0) { bits, offset in
        let scalar = Unicode.Scalar(first + UInt8(offset))
        let isMember = terms.contains { $0.contains(scalar) } != isNegated
        return isMember ? bits | 1 << UInt64(offset) : bits
      }
    }
    low = bits(from: 0)
    high = bits(from: 64)
  }

  /// One scalar; in both cases, and with the long s and the Kelvin sign, when case is ignored.
  init(_ scalar: Unicode.Scalar, ignoringCase: Bool = false) {
    var members: Set<UInt32> = [scalar.value]
    if ignoringCase {
      for mapping in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
        let scalars = mapping.unicodeScalars
        if scalars.count == 1, let other = scalars.first { members.insert(other.value) }
      }
      if members.contains(0x73) { members.insert(0x17F) }
      if members.contains(0x6B) { members.insert(0x212A) }
    }
    self.init(members.sorted().map { .range($0...$0) })
  }

  /// `\w` outside of brackets: there the reference has the digits and fractions of Latin-1 too.
  static func word(isNegated: Bool) -> ScalarClass {
    ScalarClass(
      [.word, .range(0xB2...0xB3), .range(0xB9...0xB9), .range(0xBC...0xBE)], isNegated: isNegated)
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 64 { return low >> UInt64(scalar.value) & 1 == 1 }
    if scalar.value < 128 { return high >> UInt64(scalar.value - 64) & 1 == 1 }
    return terms.contains { $0.contains(scalar) } != isNegated
  }

  /// The members below U+0080, as two words of bits.
  var ascii: (low: UInt64, high: UInt64) { (low, high) }
}
