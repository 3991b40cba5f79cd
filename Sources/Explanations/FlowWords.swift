internal import Figures
internal import Tensors
internal import Transformers

/// The words around a flow.
struct FlowWords {
  private let subject: FlowSubject
  private let vectors: FlowVectors

  init(_ subject: FlowSubject, _ vectors: FlowVectors) {
    self.subject = subject
    self.vectors = vectors
  }

  private var run: Run { subject.run }
  private var shape: Configuration { subject.shape }
  private var focus: String { run.name(of: subject.focus).isolated.quoted }

  var caption: Caption {
    let head = subject.head
    let isFinding = head.choice.focus == subject.focus
    let finding = isFinding ? head.choice.title : nil
    return Caption(
      title: "One head, one block: " + (finding ?? "what becomes of \(focus)"),
      subtitle: [
        .text(
          "\(run.model) · layer \(head.layer), head \(head.head) of \(shape.heads) (\(head.place))"
            + "\(run.stackWords) · query \(focus) outlined · every number and every colour is this run’s"
        )
      ],
      notes: [[.text(sentences.joined(separator: " "))]] + head.notes(),
      provenance: run.provenanceNote, summary: summary)
  }

  private var sentences: [String] {
    [
      subject.rows.words(run),
      mask,
      positions, groups, norm,
      "What norms and the inside of the feed-forward network give is computed again from the "
        + "recorded stream, by the same layers.",
    ].compactMap(\.self)
  }

  private var mask: String {
    guard subject.head.mask != nil else { return "No mask: this model looks both ways." }
    guard subject.rows.isMasked.contains(true) else {
      return "The mask hides nothing from \(focus): it stands behind all others."
    }
    return "Hatched rows are masked: \(focus) may not look there, α = −∞ and a = 0."
  }

  private var positions: String? {
    guard let rotary = subject.anatomy.rotary else { return nil }
    let part =
      rotary.width < shape.headWidth ? ", \(rotary.width) of \(shape.headWidth) numbers" : ""
    return "R: queries and keys are turned by their positions\(part)."
  }

  private var groups: String? {
    guard shape.groups < shape.heads else { return nil }
    return "\(shape.heads / shape.groups) query heads share these keys and values."
  }

  private var norm: String {
    shape.normKind == .layer
      ? "LN: layer normalisation with its learned scale\(shape.hasNormShift ? " and shift" : "")."
      : "RMS: division by the root of the mean square, with a learned scale."
  }

  /// Into how many rows vectors are folded, and which cell is darkest.
  func folding(firstStep: Int) -> String {
    let steps = vectors.panels.compactMap(\.heading.step)
    let rows = Fold.rows(shape.width)
    let columns = (shape.width + rows - 1) / rows
    let heads = shape.heads > 1 ? "; in step \(firstStep) a row is a head" : ""
    let fold =
      "In steps \(firstStep)–\(steps.last ?? firstStep) a vector of \(NumberFormat.count(shape.width)) "
      + "is folded into \(rows) rows of \(columns)\(heads)."
    return fold + (outlier.map { " " + $0 } ?? "")
  }

  /// A dimension of the stream that is far larger than the others, after both additions.
  private var outlier: String? {
    let sums = vectors.panels.filter { $0.heading.name.hasPrefix("Add") }
    let found = sums.compactMap { panel -> (step: Int, index: Int, value: Double)? in
      let mean =
        panel.values.reduce(0) { $0 + Double($1) * Double($1) } / Double(panel.values.count)
      guard let step = panel.heading.step,
        let index = panel.values.indices.max(by: {
          panel.values[$0].magnitude < panel.values[$1].magnitude
        }), Double(panel.values[index].magnitude) > 6 * mean.squareRoot()
      else { return nil }
      return (step, index, Double(panel.values[index]))
    }
    guard found.count > 1, Set(found.map(\.index)).count == 1, let first = found.first else {
      return nil
    }
    let steps = found.map { String($0.step) }
    let values = found.map { NumberFormat.score($0.value) }.joined(separator: ", then ")
    return
      "The strongest cell of steps \(steps.dropLast().joined(separator: ", ")) and \(steps[steps.count - 1]) "
      + "is dimension \(first.index): \(values)."
  }

  private var summary: String {
    let weights = subject.weights
    let order = weights.indices.filter { !subject.rows.isMasked[$0] }
      .sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(3)
    let links = order.map { key in
      "\(run.name(of: key).quoted) q·k \(NumberFormat.score(subject.product(key))), score "
        + "\(NumberFormat.fixed(subject.scores[key], decimals: 2)), weight "
        + NumberFormat.weight(weights[key])
    }
    let norms = vectors.panels.filter { $0.heading.step != nil }.map { panel in
      "\(panel.heading.name.lowercased()) \(NumberFormat.amount(panel.values.length, decimals: 2))"
    }
    return
      "Layer \(subject.head.layer), head \(subject.head.head)\(run.stackWords) of \(run.model) step by step "
      + "for \(run.name(of: subject.focus).quoted) among \(run.count) tokens, as a storyboard. Strongest: "
      + links.joined(separator: "; ") + ". Lengths of the token’s vectors: "
      + norms.joined(separator: ", ") + "."
  }
}

extension [Float] {
  /// The root of the sum of the squares.
  fileprivate var length: Double { reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
}
