public import Figures
internal import Files
internal import Tokenization
public import Training
public import Transformers

extension Learning {
  /// How a model learned, by the log that `attnviz train` left in its folder.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - digest: SHA-256 of its parameters, for provenance.
  ///   - layer: The layer whose head is shown; with `head`, else the head that changed most.
  ///   - head: The head.
  /// - Throws: `FileError` when there is no log or it is broken, `ModelError` for a head that does not
  ///   exist.
  public init(of model: Model, digest: String?, layer: Int? = nil, head: Int? = nil) throws {
    guard model.files.contains(LearningLog.fileName) else {
      throw FileError(
        .notFound, model.files.path(of: LearningLog.fileName),
        "no such file; only models that attnviz train made have one")
    }
    let (log, settings) = try LearningLog.read(model.files)
    let watched = try log.watched.map {
      try WatchedHead($0, model, layer: layer, head: head)
    }
    guard watched != nil || (layer == nil && head == nil) else {
      throw ModelError(
        .noSuchPlace,
        "no text was watched while \(model.name) was trained; train with --watch TEXT")
    }
    let words = LearningWords(log, settings, model, digest, watched)
    self.init(
      caption: words.caption,
      training: log.steps.map { Loss(step: $0.step, loss: $0.loss) },
      validation: log.looks.map { Loss(step: $0.step, loss: $0.loss) },
      vocabulary: model.configuration.vocabulary,
      blocks: (log.flow?.blocks ?? []).map {
        Block(
          name: ($0.stack.isEmpty ? "" : $0.stack.prefix(3) + " ") + "\($0.layer)", norm: $0.norm,
          withoutResiduals: $0.withoutResiduals, withoutBoth: $0.withoutBoth)
      }, maps: watched?.maps)
  }
}

/// The head of a watched text that is shown.
struct WatchedHead {
  let text: WatchedText
  let layer: Int
  let head: Int
  /// How it was chosen.
  let choice: String
  let maps: Learning.Maps

  init(_ text: WatchedText, _ model: Model, layer: Int?, head: Int?) throws {
    let shape = model.configuration
    try shape.check(layer: layer ?? 0, head: head ?? 0)
    let size = text.ids.count * text.ids.count
    guard !text.moments.isEmpty,
      text.moments.allSatisfy({ moment in
        moment.layers.count == shape.layers
          && moment.layers.allSatisfy { $0.count == shape.heads * size }
      })
    else {
      throw FileError(
        .badData, model.files.path(of: LearningLog.fileName),
        "the watched text has another number of layers or heads than the model")
    }
    self.text = text
    var best = (layer: layer ?? 0, head: head ?? 0, moved: -1.0)
    let places = (0..<shape.layers).flatMap { layer in (0..<shape.heads).map { (layer, $0) } }
      .filter { $0.0 == layer ?? $0.0 && $0.1 == head ?? $0.1 }
    for (layer, head) in places {
      let moved = Self.moved(text, layer, head)
      if moved > best.moved { best = (layer, head, moved) }
    }
    (self.layer, self.head) = (best.layer, best.head)
    let name = "L\(best.layer)H\(best.head)"
    let changed = Precision.percent(best.moved)
    choice =
      places.count == 1
      ? "\(name) was asked for: from the first map to the last \(changed) of a row’s weight moved, on average."
      : "\(name) was picked because it changed most: from the first map to the last \(changed) of a row’s weight moved, on average; one of \(places.count) heads."
    let tokens = model.tokenizer.display(ids: text.ids).labels()
    let isCausal = shape.kind == .decoder
    let range = best.head * size..<(best.head + 1) * size
    maps = Learning.Maps(
      head: name, tokens: tokens,
      mask: isCausal
        ? tokens.indices.flatMap { row in tokens.indices.map { $0 > row } } : nil,
      moments: text.moments.map {
        .init(step: $0.step, weights: Array($0.layers[best.layer][range]))
      })
  }

  /// Half the sum of the differences of a row between the first moment and the last, on average.
  private static func moved(_ text: WatchedText, _ layer: Int, _ head: Int) -> Double {
    guard let first = text.moments.first, let last = text.moments.last else { return 0 }
    let count = text.ids.count
    let start = head * count * count
    let sum = (start..<start + count * count).reduce(0.0) {
      $0 + abs(Double(first.layers[layer][$1]) - Double(last.layers[layer][$1]))
    }
    return sum / 2 / Double(count)
  }
}

/// The words around a learning figure.
private struct LearningWords {
  let log: LearningLog
  let settings: TrainingSettings
  let model: Model
  let digest: String?
  let watched: WatchedHead?

  init(
    _ log: LearningLog, _ settings: TrainingSettings, _ model: Model, _ digest: String?,
    _ watched: WatchedHead?
  ) {
    (self.log, self.settings, self.model) = (log, settings, model)
    (self.digest, self.watched) = (digest, watched)
  }

  private var steps: Int { log.steps.last?.step ?? 0 }

  private func nats(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 2) }

  var caption: Caption {
    let shape = model.configuration
    return Caption(
      title: title,
      subtitle: [
        .text(
          "\(model.name) · \(shape.family), \(shape.kind.rawValue) · \(shape.sheet) · width \(shape.width) · "
            + "\(NumberFormat.count(steps)) steps of \(settings.batch) "
            + (shape.kind == .seq2seq ? "pairs" : "texts"))
      ], notes: notes,
      provenance: [
        .text(
          "\(model.name)\(digest.map { " (sha256 \($0.prefix(8))…)" } ?? ""), \(LearningLog.fileName); seed \(settings.seed), "
            + "largest learning rate \(NumberFormat.tick(settings.rate)).")
      ], summary: "\(title). \(summary)")
  }

  private var title: String {
    guard let first = log.looks.first, let last = log.looks.last, log.looks.count > 1 else {
      return
        "\(model.name) learns: from a loss of \(nats(log.steps.first?.loss ?? 0)) to \(nats(log.steps.last?.loss ?? 0))"
    }
    let best = log.looks.min { $0.loss < $1.loss } ?? last
    let isOver = best.step < last.step && last.loss > 1.02 * best.loss
    return isOver
      ? "\(model.name) learns until step \(NumberFormat.count(best.step)), then by heart"
      : "On text it never saw, the loss of \(model.name) goes from \(nats(first.loss)) to \(nats(last.loss))"
  }

  private var notes: [[Inline]] {
    var all: [[Inline]] = []
    if let flow {
      all.append([.text(flow)])
    }
    if let watched {
      all.append([
        .text(
          "Maps: \(watched.text.text.visible.shortened(to: 90).isolated.quoted), before the first step and after a "
            + "64th, a 16th, a quarter and all of the steps that were planned. \(watched.choice)")
      ])
    }
    return all
  }

  /// What the gradients say.
  private var flow: String? {
    guard let blocks = log.flow?.blocks, let first = blocks.first, let last = blocks.last else {
      return nil
    }
    let how =
      "Measured before the first step, on its batch, for the same parameters: the gradient of the loss "
      + "for all parameters of a block. Without residual connections, what a sublayer adds takes the "
      + "place of the stream; the norm behind the last block stays in all three."
    let ends = [
      (last.norm, first.norm), (last.withoutResiduals, first.withoutResiduals),
      (last.withoutBoth, first.withoutBoth),
    ]
    guard blocks.count > 1, ends.allSatisfy({ $0.0 > 0 }) else { return how }
    let ratios = ends.map { Self.factor($0.1 / $0.0) }
    return
      "\(how) From the last block back to the first the norm changes by a factor of \(ratios[0]); "
      + "without residual connections of \(ratios[1]), without these and norms of \(ratios[2])."
  }

  private static func factor(_ value: Double) -> String {
    value == 0 || (value >= 0.01 && value < 1000)
      ? NumberFormat.fixed(value, decimals: 2) : NumberFormat.scientific(value)
  }

  private var summary: String {
    let training = log.steps
    var words =
      "Training loss over \(NumberFormat.count(training.count)) steps: "
      + "\(nats(training.first?.loss ?? 0)) at step \(NumberFormat.count(training.first?.step ?? 0)), "
      + "\(nats(training.last?.loss ?? 0)) at step \(NumberFormat.count(steps))."
    if let best = log.looks.min(by: { $0.loss < $1.loss }) {
      words +=
        " Validation: lowest \(nats(best.loss)) after step \(NumberFormat.count(best.step)), "
        + "\(nats(log.looks.last?.loss ?? 0)) at the end."
    }
    if let maps = watched?.maps {
      let steps = maps.moments.map { NumberFormat.count($0.step) }.joined(separator: ", ")
      words += " \(maps.moments.count) maps of \(maps.head), after steps \(steps)."
    }
    return words
  }
}
