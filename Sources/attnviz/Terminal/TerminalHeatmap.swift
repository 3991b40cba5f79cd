import Figures
import Files
import Tensors
import Tokenization
import TextDrawing

/// One head's weights as characters: coloured cells with the weight in hundredths where the
/// terminal has colour, else digits that count tenths.
struct TerminalHeatmap {
  private let weights: Tensor
  private let labels: [String]
  /// The tokens that are looked at, where they are others.
  private let keys: [String]?
  private let mask: KeyRanges?
  private let focus: Int?
  private let color: TerminalColor
  private let columns: Int

  /// Creates a map of weights `[n, m]`, at most `columns` cells wide.
  init(
    _ weights: Tensor, mask: KeyRanges?, tokens: [DisplayToken], keys: [DisplayToken]? = nil,
    focus: Int?, color: TerminalColor, columns: Int
  ) {
    self.weights = weights
    self.mask = mask
    labels = tokens.map { Self.shortened($0.text.visible, to: 14) }
    self.keys = keys?.map { Self.shortened($0.text.visible, to: 14) }
    self.focus = focus
    self.color = color
    self.columns = columns
  }

  /// The lines; `nil` when they would be wider than the terminal.
  var text: String? {
    let margin = labels.reduce(0) { max($0, TerminalWidth.of($1)) } + 1
    let cell = color == .none ? 2 : 3
    guard margin + cell * weights.width <= columns else { return nil }
    var out = heading(margin, cell)
    for row in labels.indices {
      let space = String(repeating: " ", count: margin - 1 - TerminalWidth.of(labels[row]))
      let label = row == focus ? color.bold(labels[row]) : labels[row]
      out += space + label + " "
      out += (0..<weights.width).map { self.cell(row, $0) }.joined() + "\n"
    }
    return out + legend(margin) + "\n" + source
  }

  /// The tokens of the columns by number, where they are not those of the rows.
  private var source: String {
    guard let keys else { return "" }
    let words = keys.enumerated().map { "\($0.offset) \($0.element)" }
    return color.quiet("    " + words.joined(separator: "  ")) + "\n"
  }

  /// The numbers of the columns, and what they count.
  private func heading(_ margin: Int, _ cell: Int) -> String {
    let numbers = (0..<weights.width).map { index in
      let digits = String(index % (cell == 2 ? 10 : 100))
      return String(repeating: " ", count: cell - digits.count) + digits
    }
    return color.quiet(String(repeating: " ", count: margin) + numbers.joined()) + "\n"
  }

  private func cell(_ row: Int, _ column: Int) -> String {
    guard mask?.allows(query: row, key: column) ?? true else {
      return color == .none ? "  " : "   "
    }
    let weight = weights[row, column]
    guard color != .none else {
      if weight < 0.05 { return " ·" }
      return weight >= 0.95 ? " X" : " \(Int((weight * 10).rounded()))"
    }
    let (ink, ground) = Self.colors(weight)
    let hundredths = min(99, Int((weight * 100).rounded()))
    let digits = weight < 0.005 ? "" : weight == 1 ? "1" : String(hundredths)
    let space = String(repeating: " ", count: 3 - digits.count)
    return color.paint(space + digits, ink, on: ground)
  }

  /// From the ground of a dark terminal to light blue, in even steps of the square root.
  private static func colors(_ weight: Float) -> (ink: Color, ground: Color) {
    let t = Double(weight).squareRoot()
    func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * t).rounded()) }
    let ground = Color(red: mix(22, 165), green: mix(27, 210), blue: mix(34, 255))
    return (t > 0.55 ? Color(0x0D1117) : Color(0xE6EDF3), ground)
  }

  private func legend(_ margin: Int) -> String {
    let columns = "columns are the \(keys == nil ? "rows'" : "source") tokens by number"
    let words =
      color == .none
      ? "tenths: · is under .05, X from .95; \(columns)"
      : "hundredths; colour grows as √a; \(columns)"
    let masked = mask == nil ? "" : "; blank is masked"
    return color.quiet(String(repeating: " ", count: min(margin, 4)) + words + masked)
  }

  private static func shortened(_ text: String, to width: Int) -> String {
    guard TerminalWidth.of(text) > width else { return text }
    var out = ""
    for character in text {
      guard TerminalWidth.of(out) + TerminalWidth.of(character) < width else { break }
      out.append(character)
    }
    return out + "…"
  }
}
