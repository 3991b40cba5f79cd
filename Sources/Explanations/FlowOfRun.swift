public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

extension HeadFlow {
  /// One head and its block, step by step, for one token.
  ///
  /// - Parameters:
  ///   - choice: The head.
  ///   - token: The token that looks; the one the head was chosen for, else the last ordinary one,
  ///     when `nil`.
  ///   - run: A run, or a part of one, that recorded `recorded` of the layer and the one before it.
  ///   - transformer: The model that ran: what norms and feed-forward networks make of the recorded
  ///     stream is computed again by its layers.
  /// - Throws: `ModelError` when something was not recorded, there is no such token, or the part is a
  ///   decoder's look at its source.
  public init(
    _ choice: HeadChoice, token: Int? = nil, of run: Run, by transformer: Transformer
  ) throws {
    guard run.stack != .cross else {
      throw ModelError(
        .noSuchPlace,
        "flow follows the tokens of one text; draw heatmap or translation for the look at a source")
    }
    if let token, token >= run.count {
      throw ModelError(
        .noSuchPlace, "there is no token \(token); the text has tokens 0 to \(run.count - 1)")
    }
    let ordinary = run.encoding.isSpecial.lastIndex(of: false)
    let focus = token ?? choice.focus ?? ordinary ?? run.count - 1
    let subject = try FlowSubject(HeadOfRun(choice, of: run), focus: focus, transformer)
    let panels = FlowTokens(subject).panels
    let vectors = try FlowVectors(subject, firstStep: panels.count + 2)
    let words = FlowWords(subject, vectors)
    self.init(
      caption: words.caption, rows: subject.rows.figureRows(run), tokenPanels: panels,
      vectorPanels: vectors.panels, folding: words.folding(firstStep: panels.count + 2))
  }

  /// What must be recorded.
  public static let recorded: Set<Site.Value> = [
    .embedding, .query, .key, .value, .scores, .weights, .context, .attentionOutput, .residual,
    .feedForwardOutput, .output,
  ]

  /// The layers of which it must be, of a head that is known: its own, and the one that gives the
  /// stream.
  public static func layers(of layer: Int) -> Set<Int> { [max(layer - 1, 0), layer] }
}

/// The numbers of one head, of its block and of one token.
struct FlowSubject {
  let head: HeadOfRun
  let focus: Int
  let transformer: Transformer
  let anatomy: BlockAnatomy
  let rows: FlowRows
  /// What enters the layer, `[n, D]`.
  let input: Tensor
  /// What attention sees of it.
  let seen: Tensor
  let query: Tensor
  let key: Tensor
  let value: Tensor
  let scores: [Double]
  let weights: [Double]
  /// The head's sum of weighted values.
  let context: [Float]
  /// That of all heads side by side.
  let heads: [Float]

  init(_ head: HeadOfRun, focus: Int, _ transformer: Transformer) throws {
    let (run, layer) = (head.run, head.layer)
    try run.configuration.check(layer: layer, head: head.head)
    self.head = head
    self.focus = focus
    self.transformer = transformer
    anatomy = transformer.anatomy(layer: layer, of: run.stack)
    input = try FlowSubject.stream(
      layer == 0 ? .embedding : .output, layer == 0 ? nil : layer - 1, run)
    seen = transformer.seen(input, by: .attention, layer: layer, of: run.stack)
    query = try head.recorded(.query)
    key = try head.recorded(.key)
    value = try head.recorded(.value)
    scores = try head.recorded(.scores).row(focus).map(Double.init)
    weights = try head.recorded(.weights).row(focus).map(Double.init)
    context = try head.recorded(.context).row(focus)
    let all = try FlowSubject.stream(.context, layer, run)
    heads = (0..<all.shape[0]).flatMap { all.slice($0).row(focus) }
    rows = FlowRows(weights, focus: focus, mask: head.mask)
  }

  var run: Run { head.run }
  var shape: Configuration { run.configuration }
  /// Keys, values and their weighted sum of a token.
  func weighted(_ key: Int) -> [Float] { value.row(key).map { $0 * Float(weights[key]) } }
  /// q · k.
  func product(_ key: Int) -> Double {
    zip(query.row(focus), self.key.row(key)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// The focused token's vector at a place of the layer.
  func vector(_ value: Site.Value, of stack: Site.Stack? = nil) throws -> [Float] {
    try Self.stream(value, head.layer, run, of: stack).row(focus)
  }

  private static func stream(
    _ value: Site.Value, _ layer: Int?, _ run: Run, of stack: Site.Stack? = nil
  ) throws -> Tensor {
    guard let tensor = run.trace[value, layer: layer, of: stack] else {
      throw ModelError(.noSuchPlace, "\(run.trace.site(value, layer: layer)) was not recorded")
    }
    return tensor
  }
}

extension Tensor {
  /// One row as numbers.
  func row(_ index: Int) -> [Float] { rows(index..<index + 1).numbers }
}

/// Which keys a flow has rows for: all of a short text, else those with the largest weights.
struct FlowRows {
  /// Up to so many tokens are all shown.
  static let most = 24
  /// So many keys with the largest weights are shown of a longer text.
  static let largest = 20

  /// The tokens that have a row, in the order of the text.
  let shown: [Int]
  /// Tokens that are looked at and have none: their sum has one.
  let others: [Int]
  /// Which tokens may not be looked at.
  let isMasked: [Bool]
  /// Whether the focused token is shown though its own weight is small.
  private let addsFocus: Bool
  private let focus: Int

  init(_ weights: [Double], focus: Int, mask: KeyRanges?) {
    let all = weights.indices
    isMasked = all.map { !(mask?.allows(query: focus, key: $0) ?? true) }
    self.focus = focus
    guard weights.count > Self.most else {
      (shown, others, addsFocus) = (Array(all), [], false)
      return
    }
    let masked = isMasked
    let allowed = all.filter { !masked[$0] }
    let order = allowed.sorted { (weights[$1], $0) < (weights[$0], $1) }
    var kept = Set(order.prefix(Self.largest) + [focus])
    if order.count == kept.count + 1 { kept.formUnion(order) }
    // A few of the hidden ones, so that it is seen that something is hidden.
    kept.formUnion(all.filter { masked[$0] && $0 > focus }.prefix(2))
    shown = kept.sorted()
    others = allowed.filter { !kept.contains($0) }
    addsFocus = !others.isEmpty && order.dropFirst(Self.largest).contains(focus)
  }

  /// The keys that no row stands for: masked ones.
  var left: Int { isMasked.count - shown.count - others.count }

  /// One value a row, and one for the others.
  func map<Value>(_ value: (Int) -> Value?, others: Value? = nil) -> [Value?] {
    shown.map(value) + (self.others.isEmpty ? [] : [others])
  }

  func figureRows(_ run: Run) -> [HeadFlow.Row] {
    let labels = run.labels(focus: focus)
    let rows = shown.map { HeadFlow.Row(labels[$0], isMasked: isMasked[$0]) }
    guard !others.isEmpty else { return rows }
    return rows + [HeadFlow.Row(TokenLabel("\(others.count) others", kind: .special), isSum: true)]
  }

  /// What was left out, and by which rule; `nil` when all tokens are shown.
  func words(_ run: Run) -> String? {
    guard shown.count < isMasked.count else { return nil }
    let attended = shown.count { !isMasked[$0] } - (addsFocus ? 1 : 0)
    let itself = addsFocus ? " and the token itself" : ""
    let rest = others.isEmpty ? "" : "; “\(others.count) others” is their sum, hatched"
    let hidden = left == 0 ? "" : "; \(left) masked ones are not shown"
    return
      "\(shown.count) of \(isMasked.count) tokens shown: of those it may look at the \(attended) with the "
      + "largest weights\(itself)\(rest)\(hidden)."
  }
}
