internal import Figures
internal import Transformers

/// The formulas of a flow, as the model has them.
struct FlowFormulas {
  let shape: Configuration
  let anatomy: BlockAnatomy

  /// x, or what a norm makes of it.
  var seen: Formula { anatomy.attention.before ? .hat("x") : .variable("x") }

  /// "LN" or "RMS".
  var norm: String { shape.normKind == .layer ? "LN" : "RMS" }

  /// A name with an index: W_Q.
  static func named(_ name: String, _ index: String) -> Formula {
    .sub(.variable(name), .variable(index))
  }

  /// Y = x W_Y + b_Y, normalised and turned where the model does so.
  func projection(_ name: String) -> [Inline] {
    let (isTurned, hasNorm) = (anatomy.rotary != nil, shape.queryKeyNorm != .none)
    var inner: [Formula] = [seen, .thin, Self.named("W", name)]
    if shape.hasAttentionBias { inner += [.sign("+"), Self.named("b", name)] }
    if name != "V", hasNorm { inner = [.word(norm), .parentheses(.row(inner))] }
    if name != "V", isTurned { inner = [.variable("R"), .parentheses(.row(inner))] }
    return equation(.variable(name), inner)
  }

  func equation(_ left: Formula, _ right: [Formula]) -> [Inline] {
    [.formula(.row([left, .sign("=")] + right))]
  }

  func normed(_ inner: [Formula]) -> [Formula] { [.word(norm), .parentheses(.row(inner))] }

  /// e^α over its sum, with the temperature where there is one.
  func softmax(_ temperature: Double) -> [Inline] {
    let exponent: Formula =
      temperature == 1
      ? .variable("α") : .row([.variable("α"), .word("/"), .variable("τ")])
    return equation(
      Self.named("a", "j"),
      [
        .sup(.variable("e"), exponent), .sign("/"), .word("Σ"), .word("\u{2009}"),
        .sup(.variable("e"), exponent),
      ])
  }

  /// j ≤ i, or how far the window reaches.
  var mask: [Inline] {
    let (i, j) = (Formula.variable("i"), Formula.variable("j"))
    guard shape.kind == .encoder else {
      guard let window = anatomy.window else { return [.formula(.row([j, .sign("≤"), i]))] }
      return [
        .formula(.row([i, .sign("−"), .word("\(window)"), .sign("<"), j, .sign("≤"), i]))
      ]
    }
    return [
      .formula(
        .row([
          .word("|"), i, .sign("−"), j, .word("|"), .sign("≤"), .word("\(anatomy.window ?? 0)"),
        ]))
    ]
  }

  /// The name of the function inside the feed-forward network.
  var activation: String { shape.activation.word }

  /// g = f(h W₁ + b₁), or with a gate.
  func hidden(of x: Formula) -> [Inline] {
    let bias = shape.hasFeedForwardBias
    guard shape.isGated else {
      let inner = [x, .thin, .number("W", "1")] + (bias ? [.sign("+"), .number("b", "1")] : [])
      return equation(.variable("g"), [.word(activation), .parentheses(.row(inner))])
    }
    return equation(
      .variable("g"),
      [
        .word(activation), .parentheses(.row([x, .thin, Self.named("W", "g")])), .sign("∘"), x,
        .thin,
        Self.named("W", "u"),
      ])
  }

  /// f = g W₂ + b₂.
  var change: [Inline] {
    let weight: Formula = shape.isGated ? Self.named("W", "d") : .number("W", "2")
    let bias: [Formula] =
      shape.hasFeedForwardBias
      ? [.sign("+"), shape.isGated ? Self.named("b", "d") : .number("b", "2")] : []
    let inner = [.variable("g"), .thin, weight] + bias
    return equation(.variable("f"), anatomy.feedForward.inside ? normed(inner) : inner)
  }

  /// o = z W_O + b_O.
  var output: [Inline] {
    let inner =
      [.variable("z"), .thin, Self.named("W", "O")]
      + (shape.hasOutputBias ? [.sign("+"), Self.named("b", "O")] : [])
    return equation(.variable("o"), anatomy.attention.inside ? normed(inner) : inner)
  }
}

extension Formula {
  /// A thin space between two factors.
  static let thin: Formula = .word("\u{2009}")

  /// A normalised variable: x with a hat.
  static func hat(_ name: String) -> Formula { .variable(name + "\u{302}") }

  /// A variable with a prime.
  static func prime(_ name: String) -> Formula { .row([.variable(name), .word("′")]) }

  /// A variable with a number as its index.
  static func number(_ name: String, _ index: String) -> Formula {
    .sub(.variable(name), .word(index))
  }
}

extension Configuration.Activation {
  /// Its name.
  var word: String {
    switch self {
    case .gelu, .geluTanh: "GELU"
    case .relu: "ReLU"
    case .silu: "SiLU"
    }
  }
}
