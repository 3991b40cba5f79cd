internal import Figures
internal import Tensors
internal import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The upper panels of a flow: from the stream to the weighted sum, a row for every token.
struct FlowTokens {
  private let subject: FlowSubject
  private let formulas: FlowFormulas

  /// So many numbers of a vector of the stream are shown.
  private static let width = 64

  init(_ subject: FlowSubject) {
    self.subject = subject
    formulas = FlowFormulas(shape: subject.shape, anatomy: subject.anatomy)
  }

  private var rows: FlowRows { subject.rows }
  private var n: Int { subject.run.count }

  /// The panels, numbered from 2: the tokens themselves are the first step.
  var panels: [HeadFlow.TokenPanel] {
    let all = stream + projections + scores + mask + [weights] + sums
    return all.enumerated().map { index, panel in
      var panel = panel
      panel.heading.step = index + 2
      return panel
    }
  }

  private func panel(
    _ name: String, _ formula: [Inline], _ sign: HeadFlow.Sign, _ content: HeadFlow.Content,
    foot: [Inline] = []
  ) -> HeadFlow.TokenPanel {
    HeadFlow.TokenPanel(.init(nil, name, formula), sign, content, foot: foot)
  }

  // MARK: Vectors

  private var stream: [HeadFlow.TokenPanel] {
    let input = panel(
      "Layer input", [.formula(.variable("x"))], .none, part(of: subject.input, frames: true),
      foot: partFoot)
    guard subject.anatomy.attention.before else { return [input] }
    let formula = formulas.equation(formulas.seen, formulas.normed([.variable("x")]))
    return [
      input,
      panel("Norm", formula, .arrow, part(of: subject.seen, frames: true), foot: partFoot),
    ]
  }

  private var partFoot: [Inline] {
    let width = subject.shape.width
    return [.text("\(n) × \(width)" + (width > Self.width ? ", first \(Self.width)" : ""))]
  }

  private func part(of tensor: Tensor, frames: Bool) -> HeadFlow.Content {
    .strips(
      rows.map { Array(tensor.row($0).prefix(Self.width)) },
      isCut: subject.shape.width > Self.width, framesFocus: frames)
  }

  private func all(_ tensor: Tensor, frames: Bool = false) -> HeadFlow.Content {
    .strips(rows.map { tensor.row($0) }, isCut: false, framesFocus: frames)
  }

  private var size: [Inline] { [.text("\(n) × \(subject.shape.headWidth)")] }

  private var projections: [HeadFlow.TokenPanel] {
    [
      panel(
        "Queries", formulas.projection("Q"), .arrow, all(subject.query, frames: true), foot: size),
      panel("Keys", formulas.projection("K"), .sign("·"), all(subject.key), foot: size),
    ]
  }

  private var sums: [HeadFlow.TokenPanel] {
    let (a, v) = (FlowFormulas.named("a", "j"), FlowFormulas.named("v", "j"))
    var others: [Float]?
    for key in rows.others {
      let term = subject.weighted(key)
      others = others.map { zip($0, term).map { $0 + $1 } } ?? term
    }
    let values = rows.map({ rows.isMasked[$0] ? nil : subject.weighted($0) }, others: others)
    return [
      panel("Values", formulas.projection("V"), .sign("×"), all(subject.value), foot: size),
      panel(
        "Weighted values",
        [
          .formula(.row([a, .thin, v])), " and their sum ",
          .formula(.number("z", "\(subject.head.head)")),
        ],
        .sign("="), .summed(values, sum: subject.context),
        foot: [.text("1 × \(subject.shape.headWidth)")]),
    ]
  }

  // MARK: Numbers

  private var product: [Formula] {
    [FlowFormulas.named("q", "i"), .sign("·"), FlowFormulas.named("k", "j")]
  }

  private var scale: Double { Double(subject.shape.scales[subject.head.layer]) }
  private var isChanged: Bool { subject.shape.hasDistanceBias || subject.shape.scoreCap != nil }

  private func numbers(
    _ values: (Int) -> Double?, decimals: Int, hatches: Bool = false
  ) -> HeadFlow.Content {
    .numbers(rows.map(values), decimals: decimals, hatchesMasked: hatches)
  }

  private var scores: [HeadFlow.TokenPanel] {
    let isDivided = scale != 1
    let alpha = FlowFormulas.named("α", "j")
    let first = panel(
      "Scores",
      isDivided || isChanged
        ? [.formula(.row(product))] : formulas.equation(alpha, product),
      .arrow, numbers({ subject.product($0) }, decimals: isDivided || isChanged ? 1 : 2),
      foot: isDivided ? [] : ["not divided"])
    var panels = [first]
    if isDivided { panels.append(scaled) }
    if isChanged { panels.append(changed) }
    return panels
  }

  private var scaled: HeadFlow.TokenPanel {
    let isRoot = subject.head.isRootScale
    let root = Formula.root(.sub(.variable("d"), .variable("k")))
    let short = [FlowFormulas.named("α", "j")]
    let product: [Formula] = [.variable("q"), .sign("·"), .variable("k")]
    let formula: [Formula] =
      isRoot ? product + [.sign("/"), root] : [.variable("s")] + product
    let number = NumberFormat.fixed(isRoot ? 1 / scale : scale, decimals: isRoot ? 2 : 4)
    return panel(
      "Scaled", formulas.equation(.row(short), formula), .none,
      numbers(
        { isChanged ? subject.product($0) * scale : subject.scores[$0] }, decimals: 2),
      foot: [
        .formula(.row([isRoot ? root : .variable("s"), .sign("="), .word(number)]))
      ])
  }

  /// The scores with the bias of the distance, or under the cap.
  private var changed: HeadFlow.TokenPanel {
    let alpha = Formula.variable("α")
    if let cap = subject.shape.scoreCap {
      let c = Formula.variable("c")
      let number = NumberFormat.temperature(Double(cap))
      return panel(
        "Capped",
        [.formula(.row([c, .word(" tanh"), .parentheses(.row([alpha, .sign("/"), c]))]))], .none,
        numbers({ subject.scores[$0] }, decimals: 2),
        foot: [.formula(.row([c, .sign("="), .word(number)]))])
    }
    return panel(
      "Distance", [.formula(.row([alpha, .sign("+"), FlowFormulas.named("b", "ij")]))], .none,
      numbers({ subject.scores[$0] }, decimals: 2), foot: ["learned"])
  }

  private var mask: [HeadFlow.TokenPanel] {
    guard subject.head.mask != nil else { return [] }
    return [
      panel(
        "Mask", formulas.mask, .none,
        numbers(
          { rows.isMasked[$0] ? nil : subject.scores[$0] }, decimals: 2, hatches: true),
        foot: rows.isMasked.contains(true) ? ["hatched: −∞"] : ["hides nothing"])
    ]
  }

  private var weights: HeadFlow.TokenPanel {
    let run = subject.run
    let tau = run.attentionTemperature[layer: subject.head.layer, head: subject.head.head]
    let others = rows.others.isEmpty ? nil : rows.others.reduce(0) { $0 + subject.weights[$1] }
    return panel(
      "Softmax", formulas.softmax(tau), .none,
      .shares(rows.map({ rows.isMasked[$0] ? nil : subject.weights[$0] }, others: others)))
  }
}
