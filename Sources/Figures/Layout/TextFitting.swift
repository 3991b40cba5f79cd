extension TextMeasure {
  /// A text made no wider than `width` by an ellipsis in its middle, beginning and end kept.
  package func shortened(_ text: String, _ font: Font, to width: Double) -> String {
    guard self(text, font).width > width else { return text }
    let characters = Array(text)
    var (low, high) = (0, characters.count - 1)
    while low < high {
      let kept = (low + high + 1) / 2
      if self(Self.ellipsis(characters, kept), font).width <= width {
        low = kept
      } else {
        high = kept - 1
      }
    }
    return Self.ellipsis(characters, low)
  }

  /// A word in pieces no wider than `width` each, at least one character long; none of an empty
  /// word.
  package func broken(_ word: String, _ font: Font, to width: Double) -> [String] {
    guard !word.isEmpty else { return [] }
    guard self(word, font).width > width else { return [word] }
    var pieces: [String] = []
    var piece = ""
    for character in word {
      if !piece.isEmpty, self(piece + String(character), font).width > width {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
    }
    return pieces + [piece]
  }

  private static func ellipsis(_ characters: [Character], _ kept: Int) -> String {
    let head = (kept + 1) / 2
    return String(characters[..<head]) + "…"
      + String(characters[(characters.count - kept + head)...])
  }
}

extension String {
  /// The text on one line: newlines and tabs are spaces, other control characters show as `<0B>`.
  package var singleLine: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      text += scalar.isControl ? (scalar.isSpace ? " " : scalar.code) : String(scalar)
    }
  }

  /// The text with newline `⏎`, tab `⇥` and other control characters such as `<0B>` made visible.
  package var withVisibleControls: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\n": text += "⏎"
      case "\t": text += "⇥"
      case let scalar where scalar.isControl: text += scalar.code
      case let scalar: text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// C0 and C1 controls and the two separators that end a line.
  fileprivate var isControl: Bool {
    value < 0x20 || 0x7F...0x9F ~= value || value == 0x2028 || value == 0x2029
  }

  fileprivate var isSpace: Bool {
    0x09...0x0D ~= value || value == 0x85 || value == 0x2028 || value == 0x2029
  }

  /// Two or more hexadecimal digits in angle brackets.
  fileprivate var code: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "<" + (digits.count < 2 ? "0" : "") + digits + ">"
  }
}
