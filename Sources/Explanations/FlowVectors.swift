internal import Figures
internal import Tensors
internal import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The lower panels of a flow: from all heads to the end of the block, vectors of one token.
struct FlowVectors {
  private(set) var panels: [HeadFlow.VectorPanel] = []
  private let subject: FlowSubject
  private let formulas: FlowFormulas
  private var step: Int
  private let width: Int

  init(_ subject: FlowSubject, firstStep: Int) throws {
    self.subject = subject
    formulas = FlowFormulas(shape: subject.shape, anatomy: subject.anatomy)
    step = firstStep
    width = subject.shape.width
    try attention()
    subject.anatomy.isParallel ? try parallel() : try inTurn()
  }

  private var layer: Int { subject.head.layer }
  private var input: [Float] { subject.input.row(subject.focus) }

  // MARK: Steps

  private mutating func attention() throws {
    let heads = subject.shape.heads
    guard heads > 1 else {
      let only = formulas.equation(.variable("z"), [.number("z", "0")])
      add("The only head", only, .none, subject.heads)
      return try output()
    }
    let last = Formula.number("z", "\(heads - 1)")
    let list: [Formula] = [.number("z", "0"), .word(heads > 2 ? ", …, " : ", "), last]
    add(
      "All heads side by side",
      formulas.equation(.variable("z"), [.word("concat("), .row(list), .word(")")]), .none,
      subject.heads, rows: heads, head: subject.head.head,
      shape:
        "\(heads) heads × \(subject.shape.headWidth) = \(NumberFormat.count(subject.heads.count))")
    try output()
  }

  private mutating func output() throws {
    add(
      "Attention output", formulas.output,
      .through([.formula(FlowFormulas.named("W", "O"))]), try subject.vector(.attentionOutput))
  }

  /// Attention is added, then the feed-forward network's change of the sum.
  private mutating func inTurn() throws {
    again("Layer input, again", [.formula(.variable("x")), " carried past"], .plus, input)
    let isAfter = subject.anatomy.attention.after
    let sum: [Formula] = [.variable("x"), .sign("+"), .variable("o")]
    var stream = Formula.variable("h")
    add(
      isAfter ? "Add & Norm" : "Add",
      formulas.equation(stream, isAfter ? formulas.normed(sum) : sum),
      .through(isAfter ? ["Norm"] : []), try subject.vector(.residual))
    var numbers = try subject.vector(.residual)
    if let cross = subject.anatomy.cross, subject.run.stack == .decoder {
      (stream, numbers) = try source(cross, stream)
    }
    let carried = panels.count - 1
    try feedForward(of: numbers, named: stream)
    let end: [Formula] = [stream, .sign("+"), .variable("f")]
    let hasNorm = subject.anatomy.feedForward.after
    add(
      hasNorm ? "Add & Norm" : "Add",
      formulas.equation(.prime("x"), hasNorm ? formulas.normed(end) : end),
      .plusCarried(from: carried, name: [.formula(stream)]), try subject.vector(.output))
  }

  /// A decoder's look at its source.
  private mutating func source(
    _ norms: BlockAnatomy.Norms, _ stream: Formula
  ) throws -> (Formula, [Float]) {
    let carried = panels.count - 1
    let c = Formula.variable("c")
    add(
      "Look at the source", formulas.equation(c, [.word("cross-attention"), .parentheses(stream)]),
      .through(["source"]), try subject.vector(.attentionOutput, of: .cross))
    let next = Formula.prime("h")
    let sum = [stream, .sign("+"), c]
    let numbers = try subject.vector(.residual, of: .cross)
    add(
      norms.after ? "Add & Norm" : "Add",
      formulas.equation(next, norms.after ? formulas.normed(sum) : sum),
      .plusCarried(from: carried, name: [.formula(stream)]), numbers)
    return (next, numbers)
  }

  /// The network sees what attention saw; all is added at once.
  private mutating func parallel() throws {
    let output = panels.count - 1
    try feedForward(of: input, named: .variable("x"), isParallel: true)
    again("Layer input, again", [.formula(.variable("x"))], .plus, input)
    add(
      "Add",
      formulas.equation(
        .prime("x"), [.variable("x"), .sign("+"), .variable("o"), .sign("+"), .variable("f")]),
      .plusCarried(from: output, name: [.formula(.variable("o"))]),
      try subject.vector(.output))
  }

  /// The norm before it where there is one, the network, and what it adds.
  private mutating func feedForward(
    of stream: [Float], named name: Formula, isParallel: Bool = false
  ) throws {
    let x = Tensor(stream, shape: [1, width])
    let stack = subject.run.stack
    let seen = subject.transformer.seen(x, by: .feedForward, layer: layer, of: stack)
    var inside = name
    if subject.anatomy.feedForward.before {
      inside = .hat(isParallel ? "x" : "h")
      let formula = formulas.equation(inside, formulas.normed([name]))
      if isParallel, subject.anatomy.sharesNorm {
        again("The same norm", formula, .none, seen.numbers)
      } else {
        add("Norm", formula, isParallel ? .none : .through(["Norm"]), seen.numbers)
      }
    } else if isParallel {
      again("Layer input, again", [.formula(name)], .none, stream)
    }
    let hidden = subject.transformer.feedForwardHidden(seen, layer: layer, of: stack).numbers
    let positive = hidden.count { $0 > 0 }
    let (isGated, count) = (subject.shape.isGated, hidden.count)
    let first: [Inline] =
      isGated
      ? [
        .formula(
          .row([FlowFormulas.named("W", "g"), .word(", "), FlowFormulas.named("W", "u")]))
      ]
      : [.formula(.number("W", "1"))]
    add(
      "Feed-forward", formulas.hidden(of: inside), .through(first), hidden,
      rows: Fold.rows(count, like: Fold.rows(width)), shape: Fold.words(count, like: width),
      fact: isGated || hidden.isEmpty
        ? nil
        : "\(NumberFormat.fixed(100 * Double(positive) / Double(count), decimals: 0)) % above 0")
    let second: Formula = isGated ? FlowFormulas.named("W", "d") : .number("W", "2")
    add(
      "Back to \(NumberFormat.count(width))", formulas.change, .through([.formula(second)]),
      try subject.vector(.feedForwardOutput))
  }

  // MARK: Panels

  private mutating func add(
    _ name: String, _ formula: [Inline], _ link: HeadFlow.Link, _ values: [Float],
    rows: Int? = nil, head: Int? = nil, shape: String? = nil, fact: String? = nil
  ) {
    panels.append(
      HeadFlow.VectorPanel(
        .init(step, name, formula), link, values, rows: rows ?? Fold.rows(values.count),
        head: head, shape: shape ?? NumberFormat.count(values.count), fact: fact))
    step += 1
  }

  /// A value that was shown before.
  private mutating func again(
    _ name: String, _ formula: [Inline], _ link: HeadFlow.Link, _ values: [Float]
  ) {
    panels.append(
      HeadFlow.VectorPanel(
        .init(nil, name, formula), link, values, rows: Fold.rows(values.count),
        shape: NumberFormat.count(values.count)))
  }
}

/// Into how many rows a vector is folded.
enum Fold {
  /// A number of rows that divides the width and makes a picture about as wide as 12 × 32; where
  /// none does, the last row is not full.
  static func rows(_ count: Int) -> Int {
    let ideal = max((Double(count) / 2.67).squareRoot(), 1)
    let divisors = (1...max(count, 1)).prefix(512).filter {
      count % $0 == 0 && Double($0) >= ideal / 2 && Double($0) <= ideal * 1.6
    }
    let best = divisors.min { abs(log(Double($0) / ideal)) < abs(log(Double($1) / ideal)) }
    return best ?? min(Int(ideal.rounded()), max(count, 1))
  }

  /// The rows of a wider vector: as many as the narrower one has.
  static func rows(_ count: Int, like rows: Int) -> Int { min(rows, count) }

  /// "1,536 = 12 × 128".
  static func words(_ count: Int, like width: Int) -> String {
    let rows = rows(count, like: rows(width))
    guard count % rows == 0, rows > 1 else { return NumberFormat.count(count) }
    return "\(NumberFormat.count(count)) = \(rows) × \(count / rows)"
  }
}
