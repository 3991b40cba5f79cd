internal import Figures

/// Texts of a scene that stand on one line and touch: words, or a formula with its indices.
struct TextRun {
  /// A part with one colour and weight.
  struct Part {
    var string: String
    var color: Color
    var isBold: Bool
  }

  var parts: [Part]
  /// The point of the page that `alignment` names.
  var anchor: Point
  var alignment: Text.Alignment
  var label: String
  /// Set on its side in the scene.
  var isTurned = false

  /// The cells it takes.
  var width: Int { parts.reduce(0) { $0 + TerminalWidth.of($1.string) } }
  var string: String { parts.map(\.string).joined() }

  /// The middle of a text's small letters above the page's origin.
  static func middle(_ text: Text) -> Double { text.position.y - 0.34 * text.font.size }

  /// The texts of a scene as runs.
  static func all(_ texts: [(text: Text, label: String)]) -> [TextRun] {
    var runs: [TextRun] = []
    var joined: [(text: Text, label: String)] = []
    for entry in texts {
      if let last = joined.last, last.label != entry.label || !follows(last.text, entry.text) {
        runs.append(run(joined))
        joined = []
      }
      joined.append(entry)
    }
    return joined.isEmpty ? runs : runs + [run(joined)]
  }

  /// How far the second text begins behind the end of the first, in columns.
  private static func gap(_ first: Text, _ second: Text) -> Double {
    let width = TextMeasure.column * Double(TerminalWidth.of(first.string))
    return (second.position.x - first.position.x - width) / TextMeasure.column
  }

  private static func follows(_ first: Text, _ second: Text) -> Bool {
    guard first.rotation == 0, second.rotation == 0, first.alignment == .start,
      second.alignment == .start
    else { return false }
    let (shift, size) = (
      (second.position.y - first.position.y).magnitude, max(first.font.size, second.font.size)
    )
    return (-0.5...1.3).contains(gap(first, second)) && shift < 0.6 * size
  }

  private static func run(_ texts: [(text: Text, label: String)]) -> TextRun {
    let base = texts.max { $0.text.font.size < $1.text.font.size } ?? texts[0]
    var parts: [Part] = []
    var script = (text: "", isRaised: true)
    func endScript() {
      guard !script.text.isEmpty else { return }
      parts[parts.count - 1].string += SmallLetters.script(script.text, isRaised: script.isRaised)
      script.text = ""
    }
    for (index, entry) in texts.enumerated() {
      let text = entry.text
      let rise = base.text.position.y - text.position.y
      let isScript = text.font.size < 0.85 * base.text.font.size && rise.magnitude > 0.8
      let string = text.string.filter { !$0.isControl }
      let isApart = index > 0 && gap(texts[index - 1].text, text) > 0.3
      if isScript, !parts.isEmpty, !isApart || !script.text.isEmpty {
        if script.text.isEmpty { script.isRaised = rise > 0 }
        // An index of an exponent is one of its letters.
        script.text += string
        continue
      }
      endScript()
      if isApart { parts[parts.count - 1].string += " " }
      parts.append(
        Part(string: string, color: text.color, isBold: text.font.weight == .semibold))
    }
    endScript()
    let first = texts[0].text
    return TextRun(
      parts: parts, anchor: Point(first.position.x, middle(base.text)),
      alignment: texts.count == 1 ? first.alignment : .start, label: base.label,
      isTurned: first.rotation != 0)
  }
}

extension Character {
  /// Whether a terminal would act on it instead of showing it.
  package var isControl: Bool {
    unicodeScalars.contains {
      [.control, .format, .lineSeparator, .paragraphSeparator].contains(
        $0.properties.generalCategory) && $0.value != 0x200D && $0.value != 0x200C
    }
  }
}

/// Indices and exponents in the letters that Unicode has for them.
enum SmallLetters {
  private static let raised: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
    "9": "⁹", "+": "⁺", "−": "⁻", "-": "⁻", "=": "⁼", "(": "⁽", ")": "⁾", "i": "ⁱ", "n": "ⁿ",
    "T": "ᵀ", "H": "ᴴ", "E": "ᴱ", "v": "ᵛ", "k": "ᵏ", "j": "ʲ", "z": "ᶻ", "α": "ᵅ", "⊤": "ᵀ",
    "O": "ᴼ", "Q": "Q", "V": "ⱽ", "K": "ᴷ", "x": "ˣ", "d": "ᵈ",
  ]
  private static let lowered: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "+": "₊", "−": "₋", "-": "₋", "=": "₌", "(": "₍", ")": "₎", "i": "ᵢ", "j": "ⱼ",
    "k": "ₖ", "m": "ₘ", "n": "ₙ", "t": "ₜ", "h": "ₕ", "l": "ₗ", "p": "ₚ", "s": "ₛ", "a": "ₐ",
    "e": "ₑ", "o": "ₒ", "x": "ₓ", "r": "ᵣ", "u": "ᵤ", "v": "ᵥ",
  ]

  /// The small form, else the text as it is where a letter has none.
  static func script(_ text: String, isRaised: Bool) -> String {
    let small = text.map { (isRaised ? raised : lowered)[$0] }
    guard small.contains(nil) else { return String(small.compactMap(\.self)) }
    return (isRaised ? "^" : "_") + (text.count > 1 ? "(\(text))" : text)
  }
}
