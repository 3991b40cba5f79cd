/// The printable character that stands for each byte in byte-level vocabularies (GPT-2): most of
/// Latin-1 stands for itself, the other 68 bytes for U+0100 and up.
enum ByteAlphabet {
  /// The character of each byte.
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
        return Unicode.Scalar(UInt8(byte))
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? " "
      }
    }
  }()

  /// The character of the space: Ġ.
  static let space: Unicode.Scalar = "\u{120}"

  /// The byte of each character below U+0144.
  private static let bytes: [UInt8?] = {
    var bytes: [UInt8?] = Array(repeating: nil, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = UInt8(byte) }
    return bytes
  }()

  /// The byte that a character stands for.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    scalar.value < bytes.count ? bytes[Int(scalar.value)] : nil
  }

  /// The bytes that a token stands for, when all its characters are of the alphabet.
  static func bytes(of token: some Sequence<Unicode.Scalar>) -> [UInt8]? {
    var result: [UInt8] = []
    for scalar in token {
      guard let byte = byte(scalar) else { return nil }
      result.append(byte)
    }
    return result
  }
}

extension AlignedText {
  /// Replaces every scalar by the characters of its UTF-8 bytes.
  mutating func spellBytes() {
    let alphabet = ByteAlphabet.scalars
    expand { scalar, result in
      if scalar.isASCII {
        result.append(alphabet[Int(scalar.value)])
      } else {
        for byte in UTF8.encode(scalar) ?? .init() { result.append(alphabet[Int(byte)]) }
      }
    }
  }
}
