internal import Analysis
internal import Files
internal import Tensors
public import Tokenization
public import Transformers

/// The walk through one run: its stations in the order of the computation, and what each shows.
public struct Walk: Sendable {
  /// The run.
  public let run: Run
  /// The same text without edits, to show a changed run against.
  public let original: Run?
  /// The stops in order; of an encoder–decoder the encoder's, then the decoder's.
  public let stations: [Station]
  let transformer: Transformer
  let naming: @Sendable (Int) -> DisplayToken
  private let places: [Station: Int]

  /// What a run must have recorded.
  public static let recording = Recording(
    WalkValues.recorded.union([.products, .finalHidden, .logits]))

  /// Prepares a walk.
  ///
  /// - Parameters:
  ///   - run: A run that recorded `recording`.
  ///   - model: The model that ran.
  ///   - original: The run of the same text without edits, where this one has some.
  /// - Throws: `ModelError` when something was not recorded.
  public init(of run: Run, by model: Model, original: Run? = nil) throws {
    let tokenizer = model.targetTokenizer
    try self.init(of: run, by: model.transformer, original: original) {
      tokenizer.display(id: $0)
    }
  }

  /// Prepares a walk; `naming` shows a vocabulary entry.
  public init(
    of run: Run, by transformer: Transformer, original: Run? = nil,
    naming: @escaping @Sendable (Int) -> DisplayToken
  ) throws {
    self.run = run
    self.original = original
    self.transformer = transformer
    self.naming = naming
    let stations = Self.stations(run, transformer)
    self.stations = stations
    places = Dictionary(uniqueKeysWithValues: stations.enumerated().map { ($1, $0) })
    for stack in run.configuration.stacks {
      for value in WalkValues.recorded where stack != .cross || !value.isOfOwnStream {
        let layer = value.isInLayer ? 0 : nil
        guard run.part(stack).trace[value, layer: layer] != nil else {
          throw run.missing(value, layer: layer)
        }
      }
    }
  }

  // MARK: stations

  private static func stations(_ run: Run, _ transformer: Transformer) -> [Station] {
    let stacks = run.configuration.stacks
    var stations: [Station] = []
    for stack in stacks where stack != .cross {
      if stack != .decoder { stations.append(Station(.text, of: stack)) }
      stations += [Station(.tokens, of: stack), Station(.embedding, of: stack)]
      for layer in 0..<run.configuration.shape(of: stack).layers {
        stations += Station.Kind.allCases.filter(\.isInAttention)
          .map { Station($0, layer: layer, of: stack) }
        if stack == .decoder {
          stations += Station.Kind.allCases.filter(\.isInAttention)
            .map { Station($0, layer: layer, of: .cross) }
        }
        stations += [
          Station(.feedForward, layer: layer, of: stack),
          Station(.addFeedForward, layer: layer, of: stack),
        ]
      }
      if transformer.edges(of: stack).hasFinalNorm {
        stations.append(Station(.finalNorm, of: stack))
      }
    }
    let last = stacks.contains(.decoder) ? Site.Stack.decoder : .sole
    if run.trace[.logits] != nil {
      stations += [Station(.logits, of: last), Station(.distribution, of: last)]
      if run.configuration.kind != .encoder { stations.append(Station(.nextToken, of: last)) }
    }
    return stations
  }

  /// The place of a station in the walk; `nil` when the walk has no such stop.
  public func place(of station: Station) -> Int? { places[station] }

  /// The station `steps` further on, at an end the first or last.
  public func station(from station: Station, by steps: Int) -> Station {
    let place = (places[station] ?? 0) + steps
    return stations[min(max(place, 0), stations.count - 1)]
  }

  /// The same stop `layers` further up, at an end that of the first or last layer; outside the layers
  /// the station itself.
  public func station(from station: Station, layersUp layers: Int) -> Station {
    guard let layer = station.layer else { return station }
    let last = self.layers(of: station.stack) - 1
    return Station(station.kind, layer: min(max(layer + layers, 0), last), of: station.stack)
  }

  /// The station that an id or a kind names, the latter in the layer and part of a focus.
  ///
  /// - Parameters:
  ///   - words: A kind of station, or a station’s name.
  ///   - layer: The layer; that of the story when `nil`.
  ///   - stack: The part of an encoder–decoder that is meant where the words name none.
  /// - Throws: `ModelError` of kind `noSuchPlace` that names what comes nearest.
  public func station(
    named words: String, layer: Int? = nil, stack: Site.Stack? = nil
  ) throws -> Station {
    let own = stack ?? (run.configuration.encoder == nil ? .sole : .decoder)
    let kind = Station.Kind(rawValue: words)
    var candidates = [Station(id: words)].compactMap(\.self)
    if let kind { candidates.insert(Station(kind, layer: layer, of: own), at: 0) }
    if let named = Station(id: words), named.stack == .sole {
      candidates.append(Station(named.kind, layer: named.layer, of: own))
    }
    if kind == .text { candidates.append(Station(.text, of: .encoder)) }
    if let found = candidates.first(where: { places[$0] != nil }) { return found }
    throw missing(words, candidates.first)
  }

  private func missing(_ words: String, _ candidate: Station?) -> ModelError {
    if let layer = candidate?.layer, let candidate {
      let stack =
        places[Station(candidate.kind, layer: 0, of: candidate.stack)] == nil
        ? nil : candidate.stack
      if let stack, layer >= layers(of: stack) {
        return ModelError(
          .noSuchPlace,
          "there is no layer \(layer); \(run.part(stack).modelWords) has layers 0 to "
            + "\(layers(of: stack) - 1)")
      }
    }
    if let kind = candidate?.kind, kind.isOutput || kind == .finalNorm,
      candidate?.stack == .sole
        || candidate?.stack == .decoder
    {
      return ModelError(
        .noSuchPlace,
        "\(run.model) has no station \(kind.rawValue): its walk ends with "
          + "\(stations.last?.id ?? "")")
    }
    let names = Station.Kind.allCases.map(\.rawValue)
    let last = words.split(separator: ".").last.map(String.init) ?? words
    let near = names.min { $0.distance(to: last) < $1.distance(to: last) } ?? ""
    let hint =
      near.distance(to: last) <= 2 && near != last
      ? "did you mean \(words.dropLast(last.count))\(near)?"
      : "known: \(names.joined(separator: ", ")), in a layer as L0.weights"
        + (run.configuration.encoder == nil
          ? "" : ", encoder.L0.weights, decoder.L0.weights, decoder.L0.cross.weights")
    return ModelError(
      .noSuchPlace, "there is no station \"\(words.visible.shortened(to: 60))\"; \(hint)")
  }

  // MARK: what there is

  /// The layers of a stack.
  public func layers(of stack: Site.Stack) -> Int { run.configuration.shape(of: stack).layers }

  /// The heads of a layer.
  public func heads(of stack: Site.Stack) -> Int { run.configuration.shape(of: stack).heads }

  /// The tokens of a stack: those that have rows.
  public func tokens(of stack: Site.Stack) -> [DisplayToken] { run.part(stack).tokens }

  /// The tokens that those of a stack look at.
  public func keys(of stack: Site.Stack) -> [DisplayToken] { run.part(stack).keys.tokens }

  /// The places of the tokens that contain some words, whatever their case.
  public func tokens(matching words: String, of stack: Site.Stack) -> [Int] {
    let words = words.lowercased()
    guard !words.isEmpty else { return [] }
    let tokens = tokens(of: stack)
    return tokens.indices.filter {
      tokens[$0].text.lowercased().contains(words) || tokens[$0].source.lowercased().contains(words)
    }
  }

  // MARK: focus

  /// Where a walk begins to look: the head whose strongest link carries most, and its token; head 0 and
  /// the last ordinary token where no head links two of them.
  ///
  /// - Parameters:
  ///   - stack: A part of an encoder–decoder; the encoder when `nil`.
  ///   - layer: The layer that is meant, where one is.
  ///   - head: The head that is meant, where one is.
  public func start(
    of stack: Site.Stack? = nil, layer: Int? = nil, head: Int? = nil
  ) -> Focus {
    let stack = stack ?? (run.configuration.encoder == nil ? .sole : .encoder)
    // An edited walk begins where the one without edits does.
    let part = (original ?? run).part(stack)
    let links = Story(part, of: transformer)?.links ?? []
    if let link = links.first(where: {
      $0.layer == layer ?? $0.layer && $0.head == head ?? $0.head
    }) {
      return Focus(layer: link.layer, head: link.head, token: link.query)
    }
    let ordinary = part.encoding.isSpecial.lastIndex(of: false)
    return Focus(layer: layer ?? 0, head: head ?? 0, token: ordinary ?? part.count - 1)
  }

  /// A focus with every part brought into what the station has.
  public func focus(_ focus: Focus, at station: Station) -> Focus {
    let (rows, keys) = (tokens(of: station.stack).count, keys(of: station.stack).count)
    func clamp(_ value: Int, _ count: Int) -> Int { min(max(value, 0), max(count - 1, 0)) }
    var result = focus
    result.layer = station.layer ?? clamp(focus.layer, layers(of: station.stack))
    result.head = focus.head.map { clamp($0, heads(of: station.stack)) }
    result.token = clamp(focus.token, rows)
    result.key = focus.key.map { clamp($0, keys) }
    if !(result.temperature >= 0) { result.temperature = 1 }
    return result
  }

  // MARK: pages

  /// What a station shows.
  ///
  /// - Throws: `ModelError` when numbers are not finite where a softmax needs them to be.
  public func page(of station: Station, focus: Focus) throws -> StationPage {
    let focus = self.focus(focus, at: station)
    let place = WalkPlace(self, run, station, focus)
    var content = try place.content()
    let change = try original.flatMap { original in
      try WalkComparison(content, place, WalkPlace(self, original, station, focus))?.change()
    }
    if let change, !change.lines.isEmpty { content.command = nil }
    return StationPage(
      station: station, focus: focus, title: content.title, place: place.words,
      inputs: content.inputs, outputs: content.outputs, formula: content.formula,
      line: content.line, happens: content.happens, lookFor: content.lookFor,
      table: content.table, figure: content.figure, command: content.command, change: change,
      numbers: .object(content.numbers))
  }
}

/// What is recorded for a walk.
enum WalkValues {
  static let recorded: Set<Site.Value> = [
    .embedding, .query, .key, .value, .scores, .weights, .context, .attentionOutput, .residual,
    .feedForwardOutput, .output,
  ]
}

extension Site.Value {
  /// Whether a stack has it besides its attention: a look at a source has none of its own.
  fileprivate var isOfOwnStream: Bool {
    self == .embedding || self == .feedForwardOutput || self == .output
  }
}

extension String {
  /// How many characters must be changed, added or removed to make one word the other.
  fileprivate func distance(to other: String) -> Int {
    let target = Array(other)
    var row = Array(0...target.count)
    for (i, character) in enumerated() {
      var previous = row[0]
      row[0] = i + 1
      for (j, letter) in target.enumerated() {
        let change = previous + (character == letter ? 0 : 1)
        previous = row[j + 1]
        row[j + 1] = Swift.min(change, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[target.count]
  }
}
