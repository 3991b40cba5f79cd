/// The words beside a legend's bar or swatch.
public struct LegendText: Equatable, Sendable {
  /// What the colours stand for: "weight a".
  public var name: [Inline]
  /// The range that occurs, small, beside the name: "largest .99".
  public var range: [Inline]
  /// One more fact, small, under the name: "each row sums to 1".
  public var note: [Inline]

  /// Creates the words.
  public init(name: [Inline], range: [Inline] = [], note: [Inline] = []) {
    self.name = name
    self.range = range
    self.note = note
  }

  /// Masked cells: no score reaches the softmax, the weight is exactly 0.
  public static let masked = LegendText(
    name: ["masked"],
    note: [
      .formula(.row([.variable("α"), .sign("="), .word("−∞")])), ", ",
      .formula(.row([.variable("a"), .sign("="), .word("0")])),
    ])
}
