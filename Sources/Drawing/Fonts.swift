public import Figures

/// A text with characters that no font on this machine has.
public struct MissingGlyphs: Hashable, Sendable {
  /// The text as a whole.
  public var text: String
  /// The characters without a font.
  public var characters: String
  /// The Debian package that helps, such as `fonts-noto-cjk`.
  public var package: String
}

/// The fonts texts are drawn with.
public enum Fonts {
  /// Finds the texts whose characters no font has: they are drawn as boxes with a code in them.
  public static func missing(in scene: Scene) -> [MissingGlyphs] {
    var seen: Set<MissingGlyphs> = []
    return Typesetter.withShared { typesetter in
      scene.marks.texts.compactMap { text in
        let missing = typesetter.line(text.string, text.font).missing
        guard let first = missing.first else { return nil }
        let entry = MissingGlyphs(
          text: text.string, characters: String(String.UnicodeScalarView(missing)),
          package: first.fontPackage)
        return seen.insert(entry).inserted ? entry : nil
      }
    }
  }

  /// The name of the family that is really used for a font: `Inter`, or what stands in for it.
  public static func family(of font: Font) -> String {
    Typesetter.withShared { $0.family(font) }
  }

  /// The families that are looked for in the place of a font, the first that is there is drawn; each
  /// with whether it is there. The last is what the system takes for the kind.
  public static func wanted(for font: Font) -> [(family: String, isThere: Bool)] {
    font.family.names.split(separator: ",").map(String.init).map { name in
      (name, Typesetter.withShared { $0.has(name) })
    }
  }

  /// The characters of a text that no font has, and the package that helps; `nil` when none is
  /// missing.
  public static func missing(in text: String) -> MissingGlyphs? {
    let missing = Typesetter.withShared { $0.line(text, Font(size: 12)).missing }
    return missing.first.map {
      MissingGlyphs(
        text: text, characters: String(String.UnicodeScalarView(missing)), package: $0.fontPackage)
    }
  }

  /// Takes the fonts of one folder and no others from now on, for pictures that are equal on every
  /// machine; `nil` goes back to the system's.
  ///
  /// - Throws: `DrawingError` of kind `noFonts` when the folder has none.
  public static func use(folder: String?) throws {
    try Typesetter.use(folder: folder)
  }
}

extension TextMeasure {
  /// Measures with the fonts that draw: a text is as wide in every file as this says.
  public static let typeset = TextMeasure { string, font in
    Typesetter.withShared { $0.measure(string, font) }
  }
}

extension [Mark] {
  /// The texts among the marks, at any depth, in order.
  fileprivate var texts: [Text] {
    flatMap { mark -> [Text] in
      switch mark {
      case .text(let text): [text]
      case .group(let group): group.marks.texts
      case .label(let label): label.marks.texts
      case .path, .image: []
      }
    }
  }
}

extension Unicode.Scalar {
  /// The Debian package with a font that has the character.
  fileprivate var fontPackage: String {
    switch value {
    case 0x1100...0x11FF, 0x2E80...0x31FF, 0x3200...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF,
      0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFFEF, 0x1B000...0x1B16F, 0x20000...0x3FFFF:
      "fonts-noto-cjk"
    case _ where properties.isEmoji && value > 0x2000: "fonts-noto-color-emoji"
    case _ where properties.isEmojiModifier || properties.isEmojiPresentation:
      "fonts-noto-color-emoji"
    default: "fonts-noto-core"
    }
  }
}
