internal import Figures
internal import Files
internal import Tensors
internal import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

// From the softmax to the end of attention.

extension WalkPlace {
  /// The temperature that the run used in a head.
  func temperature(head: Int) -> Double { run.attentionTemperature[layer: layer, head: head] }

  // MARK: softmax

  func weights() throws -> StationContent {
    let j = try followed()
    let (scores, weights) = (row(try recorded(.scores, head: head)), try weights(head: head))
    return StationContent(
      title: "Softmax", inputs: [.init("scores", "α", [shape.heads, n, m])],
      outputs: [.init("weights", "a", [shape.heads, n, m])],
      formula: softmaxLines(j, scores, weights),
      line: strongest(weights),
      happens: "The softmax turns the scores of a row into weights between 0 and 1 that sum to 1"
        + (temperature(head: head) == 1
          ? "."
          : "; this run divides scores by τ = \(NumberFormat.temperature(temperature(head: head))) first."),
      lookFor: weightsLookFor(weights),
      table: keyTable(["α", "a"], masked: ["−∞", "0"]) {
        [WalkNumbers.text(scores[$0]), NumberFormat.weight(weights[$0])]
      },
      figure: focus.head == nil ? try galleryFigure() : try mapFigure(.weights),
      command: focus.head == nil ? nil : ["draw", "heatmap"] + headWords,
      numbers: [
        JSON.Member("weights", Self.json(weights)),
        JSON.Member("entropy", .number(Distribution.entropy(of: weights))),
      ],
      compared: comparedMap("a", .weights))
  }

  /// e^α over the sum, with the numbers of one key; the largest score is taken off where powers
  /// would be too large to print.
  private func softmaxLines(_ j: Int, _ scores: [Double], _ weights: [Double]) -> [String] {
    let (tau, symbol) = (temperature(head: head), pair("a", j))
    let keys = allowed
    let value = NumberFormat.weight(weights[j])
    guard !keys.isEmpty else { return ["every key is masked: \(symbol) = 0"] }
    guard allows(j) else { return ["\(symbol) = 0: the mask hides \(keyName(j))"] }
    if tau == 0 {
      return ["τ → 0: all weight goes to the largest score, \(symbol) = \(value)"]
    }
    if tau == .infinity {
      return ["τ = ∞: all \(keys.count) keys get the same, \(symbol) = 1/\(keys.count) = \(value)"]
    }
    let largest = keys.map { scores[$0] / tau }.max() ?? 0
    let shift = abs(largest) > 6 ? largest : 0
    let divided = tau == 1 ? "" : "/τ"
    let powers = keys.map { exp(scores[$0] / tau - shift) }
    let own = exp(scores[j] / tau - shift)
    let sum = powers.reduce(0, +)
    let off = shift == 0 ? "" : " − \(WalkNumbers.factor(shift))"
    let terms = powers.sorted(by: >)
    var lines = [
      "\(symbol) = e^(\(pair("α", j))\(divided)) / Σⱼ e^(α\(WalkNumbers.index(i))ⱼ\(divided))"
    ]
    lines.append(
      "\(symbol) = e^(\(WalkNumbers.text(scores[j] / tau))\(off)) / (\(WalkNumbers.sum(terms, of: "keys"))) = "
        + "\(WalkNumbers.text(own)) / \(WalkNumbers.text(sum)) = \(value)")
    return lines
  }

  private func strongest(_ weights: [Double]) -> String {
    let order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    return "a\(WalkNumbers.index(i)): "
      + order.prefix(3).filter { weights[$0] > 0 }
      .map { "\(keyName($0)) \(NumberFormat.weight(weights[$0]))" }.joined(separator: ", ")
  }

  private func weightsLookFor(_ weights: [Double]) -> String {
    let keys = allowed
    guard keys.count > 1, let best = keys.max(by: { weights[$0] < weights[$1] }) else {
      return "With one key the weight is 1, whatever the score."
    }
    let entropy = Distribution.entropy(of: weights)
    let effective = NumberFormat.fixed(exp(entropy), decimals: 1)
    if weights[best] > 0.9 {
      return
        "The head has chosen: \(keyName(best)) gets \(WalkNumbers.percent(weights[best])) of the weight."
    }
    if exp(entropy) > 0.85 * Double(keys.count) {
      return
        "The weights are nearly even: as if \(effective) of \(keys.count) keys were looked at alike."
    }
    return
      "\(name(i)) looks most at \(keyName(best)) (\(NumberFormat.weight(weights[best]))); the row is as spread "
      + "out as \(effective) equal weights among \(keys.count) keys."
  }

  // MARK: weighted sum

  func mixed() throws -> StationContent {
    let weights = try weights(head: head)
    let values = try recorded(.value, head: head)
    let own = row(try recorded(.context, head: head))
    let isOff = isSilent(head)
    let z = "z\(WalkNumbers.index(i))"
    let order = allowed.sorted { (weights[$1], $0) < (weights[$0], $1) }
    let terms = order.prefix(3).map { key in
      "\(NumberFormat.weight(weights[key]))·\(WalkNumbers.factor(numbers(values, key)[0]))"
    }
    let more = order.count > 3 ? " + … (\(order.count) keys)" : ""
    let sum = order.reduce(0.0) { $0 + weights[$1] * numbers(values, $1)[0] }
    var lines = ["\(z) = Σⱼ a\(WalkNumbers.index(i))ⱼ vⱼ"]
    lines.append(
      "\(z)[0] = \(terms.joined(separator: " + "))\(more) = \(WalkNumbers.text(sum))")
    if isOff { lines.append("head \(head) is switched off: \(z) = 0") }
    lines.append("\(z) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))")
    let lengths = (0..<m).map { numbers(values, $0).length }
    return StationContent(
      title: "Weighted sum of values",
      inputs: [
        .init("weights", "a", [shape.heads, n, m]),
        .init("values", "V", [shape.groups, m, shape.headWidth]),
      ],
      outputs: [.init("sums", "z", [shape.heads, n, shape.headWidth])], formula: lines,
      line: lines[lines.count - 1],
      happens: "Each head adds up the values of all keys, each times its weight.",
      lookFor: isOff
        ? "This head was switched off: what it gathered is 0, and nothing of it goes on."
        : mixedLookFor(weights, lengths),
      table: keyTable(["a", "‖v‖", "‖a·v‖"], masked: ["0", "–", "0"]) {
        [
          NumberFormat.weight(weights[$0]), WalkNumbers.text(lengths[$0]),
          WalkNumbers.text(weights[$0] * lengths[$0]),
        ]
      },
      figure: focus.head == nil
        ? try headFigure(.context) : try weightedValuesFigure(weights, values, own),
      numbers: [JSON.Member("context", Self.json(own))],
      compared: .init(
        symbol: z, name: { "dimension \($0)" }, print: WalkNumbers.text,
        row: { $0.row(try $0.recorded(.context, head: $0.head)) }))
  }

  /// Whether a head was switched off: its sum is 0 though it has weights and values.
  func isSilent(_ head: Int) -> Bool {
    guard let context = run.trace[.context, layer: layer, head: head] else { return false }
    return walk.original != nil && context.numbers.allSatisfy { $0 == 0 }
  }

  private func mixedLookFor(_ weights: [Double], _ lengths: [Double]) -> String {
    let keys = allowed
    let sizes = weights.indices.map { weights[$0] * lengths[$0] }
    guard keys.count > 1, let heavy = keys.max(by: { weights[$0] < weights[$1] }),
      let most = keys.max(by: { sizes[$0] < sizes[$1] })
    else { return "With one key the sum is its value." }
    let total = keys.reduce(0) { $0 + sizes[$1] }
    let share = total > 0 ? WalkNumbers.percent(sizes[most] / total) : "0 %"
    guard heavy != most else {
      return
        "\(keyName(most)) has the largest weight and brings most: \(share) of all lengths ‖a·v‖."
    }
    return
      "\(keyName(heavy)) has the largest weight (\(NumberFormat.weight(weights[heavy]))) but a short value: "
      + "\(keyName(most)) brings most, \(share) of all lengths ‖a·v‖."
  }

  // MARK: all heads

  func concatenated() throws -> StationContent {
    let rows = try (0..<shape.heads).map { row(try recorded(.context, head: $0)) }
    let lengths = rows.map(\.length)
    let (d, z) = (shape.headWidth, "z\(WalkNumbers.index(i))")
    let heads = shape.heads
    let names =
      heads > 3
      ? "H0 | H1 | … | H\(heads - 1)" : (0..<heads).map { "H\($0)" }.joined(separator: " | ")
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let line =
      "lengths: "
      + order.prefix(4).map { "H\($0) \(WalkNumbers.text(lengths[$0]))" }
      .joined(separator: ", ") + (heads > 4 ? ", …" : "")
    return StationContent(
      title: "Heads side by side", inputs: [.init("sums", "z", [heads, n, d])],
      outputs: [.init("sums", "z", [n, heads * d])],
      formula: [
        "\(z) = [\(names)], \(heads) × \(d) = \(NumberFormat.count(heads * d)) numbers", line,
      ],
      line: line,
      happens: heads == 1
        ? "There is one head: nothing is put together."
        : "What the \(heads) heads gathered is written side by side, head after head.",
      lookFor: headsLookFor(order, lengths),
      table: StationPage.Table(
        ["head", "‖z‖"], lengths.indices.map { ["H\($0)", WalkNumbers.text(lengths[$0])] },
        right: [1]),
      figure: headRowsFigure(
        rows.flatMap { $0 }.map { Float($0) }, columns: Axis("dimension", count: d),
        "What all heads gathered for \(name(i))", symbol: "z"),
      numbers: [JSON.Member("lengths", Self.json(lengths))],
      compared: .init(
        symbol: z, name: { "H\($0 / d), dimension \($0 % d)" }, print: WalkNumbers.text,
        row: { place in
          try (0..<place.shape.heads).flatMap { place.row(try place.recorded(.context, head: $0)) }
        }))
  }

  private func headsLookFor(_ order: [Int], _ lengths: [Double]) -> String {
    guard let first = order.first, let last = order.last, first != last else {
      return "Its length is \(WalkNumbers.text(lengths.first ?? 0))."
    }
    if let silent = lengths.indices.first(where: isSilent) {
      return "H\(silent) is switched off: its part is 0."
    }
    return "H\(first) gathered most (length \(WalkNumbers.text(lengths[first]))), H\(last) least "
      + "(\(WalkNumbers.text(lengths[last]))); W_O decides what of it counts."
  }

  // MARK: W_O

  func projected() throws -> StationContent {
    let output = try recorded(.attentionOutput)
    let own = row(output)
    let o = "o\(WalkNumbers.index(i))"
    let parts = try (0..<shape.heads).map { head -> [Double] in
      let z = try recorded(.context, head: head).rows(i..<i + 1)
      return z.times(transformer.outputProjection(layer: layer, head: head, of: stack)).numbers
        .map(Double.init)
    }
    let bias = transformer.outputBias(layer: layer, of: stack)?.numbers.map(Double.init)
    let sum = own.indices.map { d in parts.reduce(bias?[d] ?? 0) { $0 + $1[d] } }
    let hasNorm = norms.inside
    let inner = hasNorm ? "y\(WalkNumbers.index(i))" : o
    var lines = [
      "\(inner) = z\(WalkNumbers.index(i)) W_O\(bias == nil ? "" : " + b_O"): every head brings a part"
    ]
    lines.append(
      "\(inner)[0] = \(headSum(parts.map { $0[0] }))"
        + (bias.map { " \(WalkNumbers.added($0[0])) (b_O)" } ?? "")
        + " = \(WalkNumbers.text(sum[0]))")
    if let norm = transformer.norm(.inside, sublayer, layer: layer, of: blocks) {
      lines += self.lines(norm, o, of: inner, sum, own)
    }
    lines.append("\(o) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))")
    let lengths = parts.map(\.length)
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let total = lengths.reduce(0, +)
    return StationContent(
      title: hasNorm ? "Output projection W_O & Norm" : "Output projection W_O",
      inputs: [.init("sums", "z", [n, shape.heads * shape.headWidth])],
      outputs: [.init("output", "o", output.shape)], formula: lines,
      line: lines[lines.count - 1],
      happens:
        "W_O mixes the heads into the \(NumberFormat.count(shape.width)) numbers of the stream"
        + (hasNorm ? "; a norm follows before they are added." : "."),
      lookFor: projectedLookFor(order, lengths),
      table: StationPage.Table(
        ["head", "‖z W_O‖", "share"],
        lengths.indices.map {
          [
            "H\($0)", WalkNumbers.text(lengths[$0]),
            WalkNumbers.percent(total > 0 ? lengths[$0] / total : 0),
          ]
        }, right: [1, 2]),
      figure: headRowsFigure(
        parts.flatMap { $0 }.map { Float($0) }, columns: Axis("dimension", count: shape.width),
        "What each head brings to \(name(i)) through W_O", symbol: "z W_O"),
      numbers: [
        JSON.Member("output", Self.json(own)), JSON.Member("lengths_of_heads", Self.json(lengths)),
      ], compared: compared("o", .attentionOutput))
  }

  private func projectedLookFor(_ order: [Int], _ lengths: [Double]) -> String {
    let total = lengths.reduce(0, +)
    guard lengths.count > 1, total > 0, let first = order.first else {
      return "What the only head gathered comes out with length \(WalkNumbers.text(total))."
    }
    return
      "H\(first) brings most of \(shape.heads): \(WalkNumbers.percent(lengths[first] / total)) of the "
      + "heads’ lengths after W_O."
  }

  /// "H0 0.12 + H1 (−0.03) + …" of at most four heads.
  private func headSum(_ values: [Double]) -> String {
    let shown = values.count <= 4 ? values.count : 3
    return values.prefix(shown).enumerated().map { "\(WalkNumbers.factor($1)) (H\($0))" }
      .joined(separator: " + ") + (values.count > shown ? " + … (\(values.count) heads)" : "")
  }
}
