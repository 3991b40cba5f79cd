public import Figures
internal import Tensors
public import Transformers

extension Masks {
  /// The recorded scores of a head under a bidirectional, a causal and a sliding-window mask.
  ///
  /// - Parameters:
  ///   - choice: The head.
  ///   - run: A run that recorded the scores of its layer.
  ///   - window: How many keys back a query of the sliding window may look, itself included.
  ///   - padded: The same text with pads behind it, where the model has one.
  /// - Throws: `ModelError` when the scores were not recorded.
  public init(
    _ choice: HeadChoice, of run: Run, window: Int, padded: PaddedRun? = nil
  ) throws {
    let subject = HeadOfRun(choice, of: run)
    let scores = try subject.recorded(.scores)
    let n = run.count
    let masks: [(String, [Inline], KeyRanges?)] = [
      ("Bidirectional", ["every token sees every token"], nil),
      ("Causal", ["a token sees itself and what came before"], .causal(queries: n, keys: n)),
      (
        "Sliding window of \(window)",
        [
          .text(
            window == 1
              ? "a token sees itself"
              : "a token sees itself and the \(window == 2 ? "one" : String(window - 1)) before it")
        ],
        .sliding(window, queries: n)
      ),
    ]
    let own = subject.mask ?? .all(n)
    let temperature = run.attentionTemperature[layer: choice.layer, head: choice.head]
    let isKnown = masks.contains { ($0.2 ?? .all(n)) == own }
    let other: [(String, [Inline], KeyRanges?)] = [("As the model looks", ["its own mask"], own)]
    let panels = (masks + (isKnown ? [] : other)).map { name, note, mask in
      let keys = mask ?? .all(n)
      return MapSheet.Panel(
        title: name, note: note, badge: keys == own ? "the model’s own" : "re-masked",
        values: scores.softmax(temperature: temperature, mask: mask).numbers,
        mask: mask == nil ? nil : (0..<n * n).map { !keys.allows(query: $0 / n, key: $0 % n) })
    }
    let sheet = MapSheet(
      rows: run.labels(focus: choice.focus), columns: run.labels(),
      panels: panels + (try padded.map { [try $0.panel(subject)] } ?? []), legend: .weightsOfHead)
    self.init(
      caption: Caption(
        title: "The scores of one head under "
          + "\(Words.count(panels.count + (padded == nil ? 0 : 1))) masks",
        subtitle: [.text("\(run.model) · \(subject.place) · softmax of the same recorded ")]
          + subject.scoreWords
          + [" over the keys a mask leaves · rows: looks from, columns: looks at"],
        notes: subject.notes(Self.notes(subject, panels, padded)), provenance: run.provenanceNote,
        summary: Self.summary(subject, panels)),
      sheet: sheet)
  }

  private static func notes(
    _ subject: HeadOfRun, _ panels: [MapSheet.Panel], _ padded: PaddedRun?
  ) -> [[Inline]] {
    let isCausal = subject.run.configuration.kind == .decoder
    let kind = isCausal ? "looks back only" : "looks both ways"
    var notes: [[Inline]] = [
      [
        .text(
          "\(subject.run.model) itself \(kind). The other masks are laid over its recorded scores "
            + "after the run: no layer was computed anew, so the scores are not those of a model "
            + "trained with that mask.")
      ]
    ]
    if let padded { notes.append([.text(padded.sentence(subject))]) }
    return notes
  }

  private static func summary(_ subject: HeadOfRun, _ panels: [MapSheet.Panel]) -> String {
    let n = subject.run.count
    let ahead = panels.map { panel -> Double in
      let all = (0..<n * n).filter { $0 % n > $0 / n }
      return all.reduce(0) { $0 + Double(panel.values[$1]) } / Double(max(n, 1))
    }
    return "The scores of layer \(subject.layer), head \(subject.head) of \(subject.run.model) for "
      + "\(n) tokens, softmaxed under \(panels.count) masks, as heatmaps. Weight on later tokens: "
      + zip(panels, ahead).map {
        "\($0.title.lowercased()) \(NumberFormat.weight($1))"
      }.joined(separator: ", ") + "." + panels.map { strongest($0, subject) }.joined()
  }

  /// The strongest links under one mask and the mean entropy of its rows.
  private static func strongest(_ panel: MapSheet.Panel, _ subject: HeadOfRun) -> String {
    let n = subject.run.count
    let entropies = (0..<n).map { row in
      Distribution.entropy(of: panel.values[row * n..<(row + 1) * n].map(Double.init))
    }
    let mean = NumberFormat.fixed(entropies.reduce(0, +) / Double(max(n, 1)), decimals: 2)
    return " Strongest, \(panel.title.lowercased()): "
      + subject.run.strongestLinks(panel.values, keys: n)
      + "; mean entropy of a row \(mean) nats."
  }
}

extension KeyRanges {
  /// Every key for every query.
  static func all(_ count: Int) -> KeyRanges { KeyRanges((0..<count).map { _ in 0..<count }) }

  /// The last `width` keys up to and including the query's own position.
  static func sliding(_ width: Int, queries: Int) -> KeyRanges {
    KeyRanges((0..<queries).map { max($0 - width + 1, 0)..<$0 + 1 })
  }
}

extension LegendText {
  /// The weights of one head.
  static let weightsOfHead = LegendText(
    name: ["weight ", .formula(.variable("a"))], range: ["all maps"], note: ["each row sums to 1"])
}
