internal import Figures
internal import Files
internal import Tensors
internal import Transformers

// Q, K and V.

extension WalkPlace {
  /// The words of one of the three projections.
  private struct Words {
    let value: Site.Value
    let name: String
    let singular: String
    let letter: String
    let matrix: String

    init(_ value: Site.Value) {
      self.value = value
      (name, singular, letter) =
        switch value {
        case .query: ("queries", "query", "q")
        case .key: ("keys", "key", "k")
        default: ("values", "value", "v")
        }
      matrix = letter.uppercased()
    }
  }

  func projection(_ value: Site.Value) throws -> StationContent {
    let words = Words(value)
    let isQuery = value == .query
    let ofSource = isCross && !isQuery
    let token = isQuery ? i : try projectedToken()
    let all = try recorded(value)
    let input =
      ofSource ? try recorded(.finalHidden, of: .encoder) : seen(try stream())
    let own = numbers(try recorded(value, head: head), token)
    let name = words.letter + WalkNumbers.index(token)
    let lines = try projectionLines(words, token, name, input, own)
    return StationContent(
      title: isCross
        ? "\(words.name.capitalizedFirst), of the \(ofSource ? "source" : "target")"
        : words.name.capitalizedFirst,
      inputs: [
        .init(
          ofSource ? "the encoder’s output" : inputWords, ofSource ? "s" : seenSymbol, input.shape)
      ],
      outputs: [.init(words.name, words.matrix, all.shape)], formula: lines,
      line: "\(name) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))",
      happens: happens(words, ofSource),
      lookFor: try lookFor(words, token),
      figure: try headFigure(value),
      command: focus.head == nil
        ? nil : ["draw", "heatmap", "--of", words.letter] + headWords,
      numbers: [JSON.Member(words.letter, Self.json(own)), JSON.Member("token", .integer(token))],
      compared: .init(
        symbol: name, name: { "dimension \($0)" }, print: WalkNumbers.text,
        row: {
          $0.numbers(
            try $0.recorded(value, head: $0.head),
            min(token, ($0.isCross && !isQuery ? $0.m : $0.n) - 1))
        },
        matrix: focus.head == nil ? nil : { try $0.recorded(value, head: $0.head) }))
  }

  /// The token whose key or value is printed: the one in focus as a key; of a source the one that
  /// is looked at most.
  private func projectedToken() throws -> Int {
    isCross ? try followed() : focus.key ?? i
  }

  /// The letter of the stream: what self-attention left is h.
  private var carried: String { isCross ? "h" : "x" }

  private var seenSymbol: String { norms.before ? carried + "\u{302}" : carried }

  private var inputWords: String {
    norms.before ? "stream, normalised" : "stream"
  }

  private func projectionLines(
    _ words: Words, _ token: Int, _ name: String, _ input: Tensor, _ own: [Double]
  ) throws -> [String] {
    let ofSource = isCross && words.value != .query
    let x = (ofSource ? "s" : seenSymbol) + WalkNumbers.index(token)
    let values = numbers(input, token)
    let all = transformer.projections(layer: layer, head: head, of: stack)
    let part = words.value == .query ? all.query : words.value == .key ? all.key : all.value
    var lines: [String] = []
    if !ofSource, let norm = transformer.norm(.before, sublayer, layer: layer, of: blocks) {
      lines += self.lines(
        norm, x, of: carried + WalkNumbers.index(token), numbers(try stream(), token), values)
    }
    let (isTurned, isNormed) = (
      words.value != .value && anatomy.rotary != nil && !isCross,
      words.value != .value && shape.queryKeyNorm != .none
    )
    let made = isTurned || isNormed ? "y" + WalkNumbers.index(token) : name
    let bias = part.bias.map { $0.numbers.map(Double.init) }
    let weights = part.weight.numbers.map(Double.init)
    let y = own.indices.map { d in
      values.dot(Array(weights[d * values.count..<(d + 1) * values.count])) + (bias?[d] ?? 0)
    }
    lines.append(
      "\(made) = \(x) W_\(words.matrix)" + (bias == nil ? "" : " + b_\(words.matrix)"))
    lines.append(
      "\(made)[0] = \(WalkNumbers.products(values, Array(weights[0..<values.count])))"
        + (bias.map { " " + WalkNumbers.added($0[0]) } ?? "") + " = \(WalkNumbers.text(y[0]))")
    if isNormed || isTurned {
      lines += turning(name, made, y, own, token, isNormed: isNormed, isTurned: isTurned)
    }
    lines.append("\(name) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))")
    return lines
  }

  /// What norm and rotation make of a projected vector.
  private func turning(
    _ name: String, _ made: String, _ y: [Double], _ own: [Double], _ token: Int, isNormed: Bool,
    isTurned: Bool
  ) -> [String] {
    guard isTurned, let rotary = anatomy.rotary else {
      return ["\(name) = \(norm)(\(made)), \(name)[0] = \(WalkNumbers.text(own[0]))"]
    }
    guard !isNormed else {
      return [
        "\(name) = R(\(norm)(\(made))): normalised, then turned by position \(token), \(name)[0] = "
          + WalkNumbers.text(own[0])
      ]
    }
    let half = rotary.width / 2
    let angle = Double(token) * (rotary.frequencies(tokens: n).first ?? 0)
    let factor = rotary.factor == 1 ? "" : "\(WalkNumbers.text(rotary.factor))·("
    return [
      "\(name) = R(\(made)): pairs of dimensions are turned by position \(token)",
      "\(name)[0] = \(factor)\(WalkNumbers.text(y[0]))·cos(\(WalkNumbers.text(angle))) − "
        + "\(WalkNumbers.factor(y[half]))·sin(\(WalkNumbers.text(angle)))"
        + (factor.isEmpty ? "" : ")") + " = \(WalkNumbers.text(own[0]))",
    ]
  }

  private func happens(_ words: Words, _ ofSource: Bool) -> String {
    let task =
      switch words.value {
      case .query: "what it looks for"
      case .key: "what it offers to those that look"
      default: "what it passes on to those that look at it"
      }
    let share = shape.heads / max(shape.groups, 1)
    let groups =
      words.value != .query && share > 1 ? " \(share) query heads share these." : ""
    let turned =
      words.value != .value && anatomy.rotary != nil && !isCross ? ", turned by its position" : ""
    return "Every token\(ofSource ? " of the source" : "") gets a \(words.singular) of "
      + "\(shape.headWidth) numbers a head: \(task)\(turned)." + groups
  }

  private func lookFor(_ words: Words, _ token: Int) throws -> String {
    let all = try recorded(words.value, head: head)
    let lengths = (0..<all.rows).map { numbers(all, $0).length }
    let tokens = words.value == .query ? run.tokens : run.keys.tokens
    guard lengths.count > 1, let longest = lengths.indexOfLargest,
      let shortest = lengths.indices.min(by: { lengths[$0] < lengths[$1] })
    else { return "With one token there is nothing to choose from." }
    let (long, short) = (tokens.name(of: longest).isolated, tokens.name(of: shortest).isolated)
    let (most, least) = (WalkNumbers.text(lengths[longest]), WalkNumbers.text(lengths[shortest]))
    let isFlat = lengths[longest] < 1.3 * lengths[shortest]
    switch words.value {
    case .query:
      return isFlat
        ? "All queries of the head are about equally long (\(least) to \(most)): their directions decide."
        : "The longest query, of “\(long)” (\(most)), makes the sharpest choice; that of “\(short)” is the shortest (\(least))."
    case .key:
      return isFlat
        ? "All keys of the head are about equally long (\(least) to \(most)): their directions decide."
        : "Lengths differ, from \(least) (“\(short)”) to \(most) (“\(long)”): a long key makes scores large, above or below 0."
    default:
      return isFlat
        ? "All values of the head are about equally long (\(least) to \(most)): weights alone decide who counts."
        : "The value of “\(short)” is the shortest (\(least); the longest \(most), “\(long)”): a weight on it moves little."
    }
  }
}
