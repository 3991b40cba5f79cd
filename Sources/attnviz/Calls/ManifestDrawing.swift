import Drawing
import Explanations
import Files
import Tensors
import Transformers

/// Draws figures of a manifest, several at a time; figures of one run share it.
struct ManifestDrawing {
  /// An entry whose call was parsed.
  struct Prepared: Sendable {
    let entry: FigureManifest.Entry
    let command: DrawCommand
    let figure: DrawnFigure

    init(_ entry: FigureManifest.Entry) throws {
      self.entry = entry
      (command, figure) = try entry.call.command()
      guard entry.quotes.isEmpty || isOfRun else {
        throw FileError(
          .badData, entry.call.place,
          "\(figure.name) is not drawn from a run: nothing can be quoted")
      }
      for output in entry.outputs { _ = try entry.call.placing { try format(output) } }
      if figure.needsText, entry.call.files.isEmpty { try entry.call.placing(command.text.check) }
    }

    func format(_ path: String) throws -> FileFormat {
      guard let format = try command.options.fileFormat(path).file else {
        throw UsageError("\(path): a manifest draws .png, .svg and .pdf")
      }
      return format
    }

    private var isOfRun: Bool { recorded != nil }

    /// What a figure of a run or a recording needs.
    private var recorded: Recording? {
      switch figure.source {
      case .run(let recording, _), .trace(let recording, _): recording(command)
      case .generation, .model, .log, .formula: nil
      }
    }

    /// What must be recorded for the numbers that are quoted.
    var quoted: Recording { entry.quotes.reduce(.nothing) { $0.union($1.citation.recording) } }

    /// What is kept of a model's run, for the figure and for the numbers that are quoted.
    var recording: Recording? {
      guard command.source.trace == nil, command.vectors.vectors == nil else { return nil }
      return recorded.map { $0.union(quoted) }
    }
  }

  private let shared = SharedRuns()

  /// Draws every figure and does something with it and with all that was recorded of its run.
  ///
  /// - Returns: What was done or what went wrong, in the order of the figures.
  func forEach<Outcome: Sendable>(
    _ figures: [Prepared],
    _ body: @escaping @Sendable (Prepared, DrawnPicture, Trace?) throws -> Outcome
  ) throws -> [Result<Outcome, any Error>] {
    var results: [Int: Result<Outcome, any Error>] = [:]
    for group in try groups(figures) {
      for index in group {
        guard let recording = figures[index].recording else { continue }
        shared.expect(try key(figures[index]), recording)
      }
      let draw = { @Sendable (index: Int) in
        Result {
          try figures[index].entry.call.placing {
            let picture = try figures[index].command.picture(
              of: figures[index].figure, sharing: shared)
            return try body(figures[index], picture, trace(of: figures[index]))
          }
        }
      }
      // The first makes the run, alone, because a run uses every processor.
      results[group[0]] = draw(group[0])
      let others = Array(group.dropFirst())
      for (index, result) in zip(others, others.concurrentMap(draw)) { results[index] = result }
      shared.forgetRuns()
    }
    return figures.indices.compactMap { results[$0] }
  }

  /// What was recorded of a figure's run; of a recording what is quoted.
  private func trace(of figure: Prepared) throws -> Trace? {
    guard !figure.entry.quotes.isEmpty else { return nil }
    guard let path = figure.command.source.trace else { return try shared.trace(of: key(figure)) }
    return try TraceOptions.run(path, figure.quoted, figure.command.common).trace
  }

  private func key(_ figure: Prepared) throws -> SharedRuns.Key {
    try figure.command.runKey(
      figure.figure, figure.entry.call.text ?? "", figure.entry.call.pair)
  }

  /// Figures of the same run, and one group of those that have none to share.
  private func groups(_ figures: [Prepared]) throws -> [[Int]] {
    var groups: [[Int]] = []
    var places: [SharedRuns.Key?: Int] = [:]
    for (index, figure) in figures.enumerated() {
      let key = figure.recording == nil ? nil : try key(figure)
      if let place = places[key] {
        groups[place].append(index)
      } else {
        places[key] = groups.count
        groups.append([index])
      }
    }
    return groups
  }
}
