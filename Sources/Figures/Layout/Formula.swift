/// A formula as a tree; `FormulaLayout` sets it.
public indirect enum Formula: Equatable, Sendable {
  /// A variable, italic: "q", "α".
  case variable(String)
  /// A word, a number or a bracket, upright: "softmax", "2".
  case word(String)
  /// A sign between two terms, with space on both sides: "=", "−", "·".
  case sign(String)
  /// A base with an index.
  case sub(Formula, Formula)
  /// A base with an exponent.
  case sup(Formula, Formula)
  /// A numerator over a denominator.
  case fraction(Formula, Formula)
  /// A square root with its bar.
  case root(Formula)
  /// Parentheses as tall as what they enclose.
  case parentheses(Formula)
  /// Parts side by side.
  case row([Formula])
}

/// The two formulas of attention (Vaswani et al. 2017, equation 1).
extension Formula {
  /// α = q · k / √d_k
  public static let scaledScores: Formula = .row([
    .variable("α"), .sign("="), .scaledProduct,
  ])

  /// a = softmax(q · k / √d_k)
  public static let softmaxWeights: Formula = .row([
    .variable("a"), .sign("="), .word("softmax"), .parentheses(.scaledProduct),
  ])

  private static let scaledProduct: Formula = .row([
    .variable("q"), .sign("·"), .variable("k"), .sign("/"),
    .root(.sub(.variable("d"), .variable("k"))),
  ])
}
