internal import Figures
internal import Files
internal import Tensors
internal import Transformers

// What is added to the stream: attention, then the feed-forward network; and the norm at the end.

extension WalkPlace {
  /// Attention, or the look at the source, added to the stream.
  func addAttention() throws -> StationContent {
    let carried = isCross ? "h" : "x"
    return try addition(
      of: .attentionOutput, "o", to: row(try stream()), carried,
      is: try recorded(.residual), isCross ? "h′" : "h",
      norm: transformer.norm(.after, sublayer, layer: layer, of: blocks),
      what: isCross ? "the look at the source" : "attention", value: .residual)
  }

  /// The network added to the stream.
  func addFeedForward() throws -> StationContent {
    try addition(
      of: .feedForwardOutput, "f", to: row(try beforeFeedForward()),
      anatomy.isParallel ? "h" : middle,
      is: try recorded(.output), "x′",
      norm: transformer.norm(.after, .feedForward, layer: layer, of: blocks),
      what: "the feed-forward network", value: .output, isEnd: isEnd)
  }

  /// Whether nothing follows: the last layer of a model without a head.
  private var isEnd: Bool { walk.stations.last == station }

  /// The letter of the stream that the network's output is added to.
  private var middle: String { anatomy.cross != nil && stack == .decoder ? "h′" : "h" }

  /// The stream after attention, in a decoder after the look at the source.
  private func beforeFeedForward() throws -> Tensor {
    let hasSource = anatomy.cross != nil && stack == .decoder
    return try recorded(.residual, of: hasSource ? .cross : nil)
  }

  private func addition(
    of value: Site.Value, _ added: String, to before: [Double], _ carried: String,
    is result: Tensor, _ name: String, norm: LearnedNorm?, what: String, value site: Site.Value,
    isEnd: Bool = false
  ) throws -> StationContent {
    let index = WalkNumbers.index(i)
    let (change, own) = (row(try recorded(value)), row(result))
    let sum = zip(before, change).map(+)
    let (x, o, h) = (carried + index, added + index, name + index)
    let inner = norm == nil ? h : "s" + index
    var lines = [
      "\(inner) = \(x) + \(o)",
      "\(inner)[0] = \(WalkNumbers.text(before[0])) \(WalkNumbers.added(change[0])) = \(WalkNumbers.text(sum[0]))",
    ]
    if let norm { lines += self.lines(norm, h, of: inner, sum, own) }
    lines.append(
      "lengths: \(x) \(WalkNumbers.text(before.length)), \(o) \(WalkNumbers.text(change.length)), "
        + (norm == nil ? "" : "\(inner) \(WalkNumbers.text(sum.length)), ")
        + "\(h) \(WalkNumbers.text(own.length))")
    let rows: [(String, [Double])] =
      [(x, before), ("+ " + o, change)]
      + (norm == nil ? [("= " + h, own)] : [("= " + inner, sum), ("→ " + h, own)])
    return StationContent(
      title: norm == nil ? "Add" : "Add & Norm",
      inputs: [.init("stream", carried, result.shape), .init(what, added, result.shape)],
      outputs: [.init("stream", name, result.shape)], formula: lines, line: lines[lines.count - 1],
      happens: additionHappens(what, norm)
        + (isEnd ? " This is what the model gives: it has no head that scores a vocabulary." : ""),
      lookFor: additionLookFor(before, change, own, what),
      figure: vectorRowsFigure(rows, "What \(what) adds to \(self.name(i))"),
      numbers: [
        JSON.Member("before", Self.json(before)), JSON.Member("added", Self.json(change)),
        JSON.Member("after", Self.json(own)),
      ], compared: compared(name, site))
  }

  private func additionHappens(_ what: String, _ norm: LearnedNorm?) -> String {
    let first = "What \(what) gives is added to the stream, which was carried past it"
    if anatomy.isParallel, station.kind == .addAttention {
      return first + "; the feed-forward network of this model does not see the sum."
    }
    let kind =
      shape.normKind == .layer ? "layer normalisation" : "division by the root of the mean square"
    return first
      + (norm == nil
        ? "; no norm follows: this model normalises what a part sees." : "; then comes \(kind).")
  }

  private func additionLookFor(
    _ before: [Double], _ change: [Double], _ after: [Double], _ what: String
  ) -> String {
    let share = before.length > 0 ? change.length / before.length : 0
    let cosine = NumberFormat.fixed(before.cosine(after), decimals: 2)
    let size =
      share < 10 ? NumberFormat.fixed(share, decimals: 2) : NumberFormat.fixed(share, decimals: 0)
    let verdict =
      share > 1 ? "more than was there" : share > 0.3 ? "a strong turn" : "a small step"
    return
      "\(what.capitalizedFirst) adds \(size) times the stream’s length, \(verdict): the cosine of before and "
      + "after is \(cosine)."
  }

  // MARK: the network

  func feedForward() throws -> StationContent {
    let index = WalkNumbers.index(i)
    let stream = anatomy.isParallel ? try self.stream() : try beforeFeedForward()
    let from = anatomy.isParallel ? "x" : middle
    let seen = transformer.seen(stream, by: .feedForward, layer: layer, of: blocks)
    let hidden = transformer.feedForwardHidden(seen, layer: layer, of: blocks)
    let output = try recorded(.feedForwardOutput)
    let (g, own) = (row(hidden), row(output))
    let x = anatomy.feedForward.before ? from.first.map { "\($0)̂" } ?? from : from
    var lines: [String] = []
    if let norm = transformer.norm(.before, .feedForward, layer: layer, of: blocks) {
      lines += self.lines(norm, x + index, of: from + index, row(stream), row(seen))
    }
    let bias = shape.hasFeedForwardBias
    let f = shape.activation.word
    lines.append(
      shape.isGated
        ? "g\(index) = \(f)(\(x)\(index) W_g) ∘ \(x)\(index) W_u"
        : "g\(index) = \(f)(\(x)\(index) W₁\(bias ? " + b₁" : ""))")
    let active = g.count { $0 > 0 }
    let largest = g.indices.max { g[$0].magnitude < g[$1].magnitude } ?? 0
    lines.append(
      "g\(index): \(NumberFormat.count(g.count)) numbers, \(WalkNumbers.percent(Double(active) / Double(max(g.count, 1)))) above 0, "
        + "the largest g\(index)[\(largest)] = \(WalkNumbers.text(g[largest]))")
    let inside = anatomy.feedForward.inside ? "\(norm)(g\(index) " : "g\(index) "
    lines.append(
      "f\(index) = \(inside)\(shape.isGated ? "W_d" : "W₂")\(bias ? " + \(shape.isGated ? "b_d" : "b₂")" : "")"
        + "\(anatomy.feedForward.inside ? ")" : "") = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))"
    )
    return StationContent(
      title: anatomy.isParallel ? "Feed-forward network, beside attention" : "Feed-forward network",
      inputs: [.init(anatomy.feedForward.before ? "stream, normalised" : "stream", x, seen.shape)],
      outputs: [.init("inside", "g", hidden.shape), .init("output", "f", output.shape)],
      formula: lines,
      line: "f\(index) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))",
      happens: anatomy.isParallel
        ? "Each token by itself, from the stream that attention saw: two layers with \(f) between, \(NumberFormat.count(g.count)) wide."
        : "Each token by itself, without a look at others: two layers with \(f) between, \(NumberFormat.count(g.count)) wide.",
      lookFor: feedForwardLookFor(g, largest, active),
      figure: streamFigure(
        hidden, "Inside the feed-forward network of layer \(layer)", symbol: "g",
        "after \(f), a row for every token"),
      numbers: [
        JSON.Member("output", Self.json(own)), JSON.Member("positive", .integer(active)),
        JSON.Member("largest", .integer(largest)),
      ], compared: compared("f", .feedForwardOutput))
  }

  private func feedForwardLookFor(_ g: [Double], _ largest: Int, _ active: Int) -> String {
    let square = g.dot(g)
    let order = g.map { $0 * $0 }.sorted(by: >)
    var (sum, count) = (0.0, 0)
    for value in order where sum < 0.5 * square {
      sum += value
      count += 1
    }
    guard square > 0 else { return "Nothing passes the function: the network adds its bias only." }
    return
      "\(plural(count, "number")) of \(NumberFormat.count(g.count)) \(count == 1 ? "makes" : "make") up half of its strength; the strongest is "
      + "number \(largest) (\(WalkNumbers.text(g[largest])))."
  }

  // MARK: the end of the stack

  func finalNorm() throws -> StationContent {
    let stream = try recorded(.output, layer: shape.layers - 1)
    let result = try recorded(.finalHidden)
    let (before, own) = (row(stream), row(result))
    let index = WalkNumbers.index(i)
    var lines: [String] = []
    if let norm = transformer.finalNorm(of: stack), before.count == own.count {
      lines += self.lines(norm, "y" + index, of: "x" + index, before, own)
    }
    lines.append("y\(index) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))")
    let lengths = (0..<n).map { numbers(stream, $0).length }
    let longest = lengths.indexOfLargest ?? 0
    return StationContent(
      title: "Final norm", inputs: [.init("stream", "x", stream.shape)],
      outputs: [
        .init(stack == .encoder ? "the encoder’s output" : "stream, normalised", "y", result.shape)
      ],
      formula: lines, line: lines[lines.count - 1],
      happens: "After the last layer every row is normalised once more"
        + (stack == .encoder ? "; the decoder will look at the result." : "."),
      lookFor: "Before it, rows have lengths from \(WalkNumbers.text(lengths.min() ?? 0)) to "
        + "\(WalkNumbers.text(lengths[longest])) (\(name(longest))); after it they are alike.",
      figure: streamFigure(
        result, "What \(run.modelWords) makes of every token", symbol: "y", "after the final norm"),
      numbers: [JSON.Member("output", Self.json(own))], compared: compared("y", .finalHidden))
  }
}
