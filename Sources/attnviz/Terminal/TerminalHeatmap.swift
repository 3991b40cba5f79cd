import Figures
import Files
import Tensors
import Tokenization

/// One head's weights as characters: coloured cells with the weight in hundredths where the
/// terminal has colour, else digits that count tenths.
struct TerminalHeatmap {
  private let weights: Tensor
  private let labels: [String]
  private let mask: KeyRanges?
  private let focus: Int?
  private let color: TerminalColor
  private let columns: Int

  /// Creates a map of weights `[n, n]`, at most `columns` cells wide.
  init(
    _ weights: Tensor, mask: KeyRanges?, tokens: [DisplayToken], focus: Int?,
    color: TerminalColor, columns: Int
  ) {
    self.weights = weights
    self.mask = mask
    labels = tokens.map { Self.shortened($0.text.visible, to: 14) }
    self.focus = focus
    self.color = color
    self.columns = columns
  }

  /// The lines; `nil` when they would be wider than the terminal.
  var text: String? {
    let margin = labels.reduce(0) { max($0, TerminalWidth.of($1)) } + 1
    let cell = color == .none ? 2 : 3
    guard margin + cell * labels.count <= columns else { return nil }
    var out = heading(margin, cell)
    for row in labels.indices {
      let space = String(repeating: " ", count: margin - 1 - TerminalWidth.of(labels[row]))
      let label = row == focus ? color.bold(labels[row]) : labels[row]
      out += space + label + " "
      out += labels.indices.map { self.cell(row, $0) }.joined() + "\n"
    }
    return out + legend(margin) + "\n"
  }

  /// The numbers of the columns, and what they count.
  private func heading(_ margin: Int, _ cell: Int) -> String {
    let numbers = labels.indices.map { index in
      let digits = String(index % 100)
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
    let words =
      color == .none
      ? "tenths: · is under .05, X from .95; columns are the rows' tokens by number"
      : "hundredths; colour grows as √a; columns are the rows' tokens by number"
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
