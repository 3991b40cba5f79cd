internal import Figures
internal import Files
internal import Tensors
internal import Tokenization
internal import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

// From q · k to the score that enters the softmax.

extension WalkPlace {
  /// "α₅₃".
  func pair(_ symbol: String, _ key: Int) -> String { symbol + WalkNumbers.indices(i, key) }

  /// "q₅·k₃".
  func product(_ key: Int) -> String { "q\(WalkNumbers.index(i))·k\(WalkNumbers.index(key))" }

  var scale: Double { Double(shape.scales[layer]) }

  /// Whether the score is q·k/√d_k so far.
  var isRootScale: Bool { abs(scale * Double(shape.headWidth).squareRoot() - 1) < 1e-5 }

  /// What the scores become on the way, before the mask: none, or a bias, a cap.
  private var isChanged: Bool {
    shape.scoreCap != nil || (!isCross && shape.hasDistanceBias)
  }

  /// A bias of the distance is in attention to one's own text alone.
  private var hasBias: Bool { !isCross && shape.hasDistanceBias }

  // MARK: q · k

  func scores() throws -> StationContent {
    let (j, all) = (try followed(), try products(head: head))
    let (q, k) = (
      row(try recorded(.query, head: head)), numbers(try recorded(.key, head: head), j)
    )
    var lines = [
      "\(product(j)) = \(WalkNumbers.products(q, k)) = \(WalkNumbers.text(all[j]))"
    ]
    if focus.key != nil { lines.append(largestTerms(q, k)) }
    if !allows(j) { lines.append("token \(j) stands behind the mask: this product is never used") }
    let width = shape.headWidth
    return StationContent(
      title: "Scores q · k",
      inputs: [
        .init("queries", "Q", [shape.heads, n, width]),
        .init("keys", "K", [shape.groups, m, width]),
      ],
      outputs: [.init("products", "Q Kᵀ", [shape.heads, n, m])], formula: lines,
      line: "\(product(j)) = \(WalkNumbers.text(all[j])) with \(keyName(j))",
      happens: "The query of \(name(i)) is multiplied with every key: how well they match.",
      lookFor: scoresLookFor(all), table: keyTable(["q·k"]) { [WalkNumbers.text(all[$0])] },
      figure: focus.key != nil && focus.head != nil && allows(j)
        ? try Product(choice, query: i, key: j, of: run) : try productsFigure(),
      command: focus.key != nil && focus.head != nil && allows(j)
        ? ["draw", "product", "--token", "\(i)", "--key", "\(j)"] + headWords : nil,
      numbers: [JSON.Member("products", Self.json(all)), JSON.Member("key", .integer(j))],
      compared: .init(
        symbol: "q\(WalkNumbers.index(i))·k", name: keyName, print: WalkNumbers.text,
        row: { try $0.products(head: $0.head) },
        matrix: focus.head == nil ? nil : { try $0.unscaled() }))
  }

  /// The terms of a product that are largest.
  private func largestTerms(_ q: [Double], _ k: [Double]) -> String {
    let terms = zip(q, k).map(*)
    let order = terms.indices.sorted { (terms[$1].magnitude, $0) < (terms[$0].magnitude, $1) }
    let named = order.prefix(4).map { "\(WalkNumbers.text(terms[$0])) (dimension \($0))" }
    return "largest of the \(terms.count): " + named.joined(separator: ", ")
  }

  private func scoresLookFor(_ all: [Double]) -> String {
    guard let best = allowed.max(by: { all[$0] < all[$1] }),
      let worst = allowed.min(by: { all[$0] < all[$1] }), best != worst
    else { return "There is one key only: whatever its score, it gets all of the weight." }
    return
      "\(keyName(best)) matches best (\(WalkNumbers.text(all[best]))), \(keyName(worst)) least "
      + "(\(WalkNumbers.text(all[worst]))); only differences count, a softmax forgets what all share."
  }

  /// q · k of every pair of the head: what was recorded over the scale.
  func unscaled() throws -> Tensor {
    let recorded =
      run.trace[.products, layer: layer, head: head] ?? run.trace[.scores, layer: layer, head: head]
    guard let recorded else { throw whole.missing(.scores, layer: layer) }
    return recorded.scaled(by: Float(1 / scale))
  }

  // MARK: scaled

  func scaled() throws -> StationContent {
    let j = try followed()
    let (products, scores) = (try products(head: head), row(try recorded(.scores, head: head)))
    let symbol = pair("α", j)
    let between = run.trace[.products, layer: layer, head: head].map { row($0)[j] }
    return StationContent(
      title: scaledTitle, inputs: [.init("products", "Q Kᵀ", [shape.heads, n, m])],
      outputs: [.init("scores", "α", [shape.heads, n, m])],
      formula: scaledLines(j, products[j], between, scores[j]),
      line: "\(symbol) = \(WalkNumbers.text(scores[j]))",
      happens: scaledHappens, lookFor: scaledLookFor(products, scores),
      table: keyTable(["q·k", "α"]) {
        [WalkNumbers.text(products[$0]), WalkNumbers.text(scores[$0])]
      },
      figure: try mapFigure(.scores),
      command: focus.head == nil ? nil : ["draw", "heatmap", "--of", "scores"] + headWords,
      numbers: [JSON.Member("scores", Self.json(scores)), JSON.Member("key", .integer(j))],
      compared: comparedMap("α", .scores))
  }

  private var scaledTitle: String {
    let first = isRootScale ? "Divided by √d_k" : scale == 1 ? "Not divided" : "Scaled"
    let bias = hasBias ? ", with the distance" : ""
    return first + bias + (shape.scoreCap != nil ? ", capped" : "")
  }

  /// From q·k to α with the numbers of one pair.
  private func scaledLines(
    _ j: Int, _ product: Double, _ between: Double?, _ score: Double
  ) -> [String] {
    let text = WalkNumbers.text
    let symbol = isChanged ? pair("s", j) : pair("α", j)
    let scaled = between ?? score
    var lines: [String] = []
    if isRootScale {
      lines.append(
        "\(symbol) = \(self.product(j)) / √d_k = \(text(product)) / √\(shape.headWidth) = \(text(product)) / "
          + "\(text(1 / scale)) = \(text(scaled))")
    } else if scale == 1 {
      lines.append("\(symbol) = \(self.product(j)) = \(text(scaled)), not divided")
    } else {
      lines.append(
        "\(symbol) = \(text(scale)) · \(self.product(j)) = \(text(scale))·\(WalkNumbers.factor(product)) = "
          + text(scaled))
    }
    guard isChanged else { return lines }
    if let cap = shape.scoreCap {
      let c = NumberFormat.temperature(Double(cap))
      lines.append(
        "\(pair("α", j)) = \(c)·tanh(\(symbol)/\(c)) = \(c)·tanh(\(text(scaled))/\(c)) = \(text(score))"
      )
    } else {
      lines.append(
        "\(pair("α", j)) = \(symbol) + \(pair("b", j)) = \(text(scaled)) "
          + "\(WalkNumbers.added(score - scaled)) = \(text(score)), b: of the distance")
    }
    return lines
  }

  private var scaledHappens: String {
    var words =
      isRootScale
      ? "Every product is divided by √d_k = √\(shape.headWidth) = \(WalkNumbers.text(1 / scale)), so that wide heads do not make scores large"
      : scale == 1
        ? "This model does not divide q · k: its parameters learned the right size"
        : "Every product is multiplied by \(WalkNumbers.text(scale)), the scale of this model"
    if hasBias { words += "; a learned number for the distance of both tokens is added" }
    if let cap = shape.scoreCap {
      words += "; tanh keeps all within ±\(NumberFormat.temperature(Double(cap)))"
    }
    return words + "."
  }

  private func scaledLookFor(_ products: [Double], _ scores: [Double]) -> String {
    let keys = allowed
    guard keys.count > 1 else { return "There is one key only: the score does not matter." }
    func spread(_ values: [Double]) -> Double {
      (keys.map { values[$0] }.max() ?? 0) - (keys.map { values[$0] }.min() ?? 0)
    }
    let (before, after) = (spread(products), spread(scores))
    return "From the best to the worst key it is \(WalkNumbers.text(before)) before and "
      + "\(WalkNumbers.text(after)) after: in the softmax the best counts e^\(WalkNumbers.text(after)) = "
      + "\(NumberFormat.amount(exp(after), decimals: 1)) times as much as the worst."
  }

  // MARK: mask

  func masked() throws -> StationContent {
    let scores = row(try recorded(.scores, head: head))
    let hidden = (0..<m).filter { !allows($0) }
    let hasMask = run.trace.masks[layer] != nil
    let rule = maskRule
    var lines = [
      hasMask ? "α\(WalkNumbers.index(i))ⱼ = −∞ unless \(rule)" : "every key may be looked at"
    ]
    if hasMask {
      lines.append(
        hidden.isEmpty
          ? "token \(i) may look at all \(m) tokens"
          : "token \(i) may look at \(allowed.map { $0 }.spans), \(hidden.count) of \(m) are −∞")
    }
    return StationContent(
      title: hasMask ? "Mask" : "No mask", inputs: [.init("scores", "α", [shape.heads, n, m])],
      outputs: [.init("scores", "α", [shape.heads, n, m])], formula: lines,
      line: hidden.isEmpty ? "nothing is hidden" : "\(hidden.count) of \(m) keys are −∞",
      happens: hasMask
        ? "The mask takes away the keys that \(maskPurpose): their scores become −∞, their weights 0."
        : isCross
          ? "The whole source was read before the decoder began: nothing is hidden from it."
          : "An encoder reads in both directions: nothing is hidden.",
      lookFor: maskedLookFor(hidden, scores),
      table: keyTable(["α"], masked: ["−∞"]) { [WalkNumbers.text(scores[$0])] },
      figure: try mapFigure(.masked),
      command: focus.head == nil ? nil : ["draw", "heatmap", "--of", "masked"] + headWords,
      numbers: [
        JSON.Member("allowed", .array(allowed.map(JSON.integer))),
        JSON.Member("scores", .array((0..<m).map { allows($0) ? .number(scores[$0]) : .null })),
      ],
      compared: comparedMap("α", .scores, allowedOnly: true))
  }

  private var maskRule: String {
    let window = anatomy.window
    guard shape.kind == .encoder else {
      return window.map { "i − \($0) < j ≤ i" } ?? "j ≤ i"
    }
    return "|i − j| ≤ \(window ?? 0)"
  }

  private var maskPurpose: String {
    guard shape.kind != .encoder else {
      return "stand more than \(anatomy.window ?? 0) tokens away"
    }
    return anatomy.window.map { "come later, and those \($0) or more before" } ?? "come later"
  }

  private func maskedLookFor(_ hidden: [Int], _ scores: [Double]) -> String {
    guard let best = hidden.max(by: { scores[$0] < scores[$1] }),
      let left = allowed.max(by: { scores[$0] < scores[$1] })
    else { return "The softmax shares one whole among all \(m) keys." }
    return scores[best] > scores[left]
      ? "Without the mask \(keyName(best)) (\(WalkNumbers.text(scores[best]))) would be the best key: it may not be seen."
      : "The best key, \(keyName(left)), is one that may be seen; the mask hides \(plural(hidden.count, "other"))."
  }

  // MARK: shared

  /// A row for every key, at most the 24 of largest weight, in the order of the text.
  func keyTable(
    _ columns: [String], masked: [String]? = nil, _ cells: (Int) -> [String]
  ) -> StationPage.Table {
    let weights = (try? self.weights(head: head)) ?? []
    let rows = FlowRows(weights, focus: i, mask: run.trace.masks[layer])
    let shown = isCross && m > FlowRows.most ? Array((0..<m).prefix(FlowRows.most)) : rows.shown
    return StationPage.Table(
      ["#", "key"] + columns,
      shown.map { key in
        let isHidden = masked != nil && !allows(key)
        return ["\(key)", run.keys.tokens[key].text]
          + (isHidden ? masked ?? [] : cells(key))
      }, right: Set([0] + (2..<2 + columns.count)),
      note: shown.count == m
        ? "" : "\(shown.count) of \(m) keys: those with the largest weights in this head.")
  }
}

extension [Int] {
  /// Numbers in rising order as people list them: "0–5", "2–4, 7".
  fileprivate var spans: String {
    let words = ranges
    guard let space = words.firstIndex(of: " ") else { return words }
    return (count == 1 ? "token" : "tokens") + words[space...]
  }
}
