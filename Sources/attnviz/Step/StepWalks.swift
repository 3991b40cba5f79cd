import Explanations
import Files
import Stepping
import Synchronization
import Tensors
import Tokenization
import Transformers

/// What the runs of a walk are made of.
struct StepMaterial: Sendable {
  let model: Model
  let digest: String?
  let text: String
  let pair: String?
}

/// The walk that is shown, and the one of the same text without changes.
struct StepWalks: Sendable {
  let changes: [Change]
  let changed: Walk
  let original: Walk

  /// Runs the model with changes, beside the run without them where that is not known.
  ///
  /// - Parameters:
  ///   - known: Walks of the same text, whose run without changes is taken.
  ///   - goesOn: See `Pass.goesOn`.
  init(
    _ material: StepMaterial, _ changes: [Change], keeping known: StepWalks?,
    goesOn: (@Sendable (Int, Site.Stack) -> Bool)? = nil
  ) throws {
    let model = material.model
    func run(_ changes: [Change]) throws -> Run {
      try model.run(
        material.text, pair: material.pair, edits: changes.edits(model.configuration),
        recording: Walk.recording, digest: material.digest, goesOn: goesOn)
    }
    self.changes = changes
    let own = changes.filter { if case .append = $0 { true } else { false } }
    if let known, known.changes.appended == changes.appended {
      original = known.original
    } else {
      original = try Walk(of: run(own), by: model)
    }
    changed =
      changes.isComparison
      ? try Walk(of: run(changes), by: model, original: original.run) : original
  }

  /// What can be walked.
  var terrain: Terrain { Terrain(of: changed.run, stations: changed.stations) }

  /// The page of a walk's station, of the run that is to be shown.
  func page(of stepper: Stepper) -> StationPage {
    let walk = stepper.shown == .original ? original : changed
    do {
      var page = try walk.page(of: stepper.station, focus: stepper.focus)
      if stepper.shown == .difference, let figure = page.change?.figure { page.figure = figure }
      return page
    } catch {
      return StationPage(
        station: stepper.station, focus: stepper.focus, title: "This station has no numbers",
        place: stepper.station.id, inputs: [], outputs: [], formula: [], line: "",
        happens: "\(error)".visible, lookFor: "", table: nil, figure: nil, command: nil,
        change: nil, numbers: .object([]))
    }
  }

  /// The token that follows the text, drawn at a temperature: the one that `attnviz generate` with the
  /// same seed draws at this step.
  func next(at temperature: Double, seed: UInt64, _ model: Model) throws -> Change {
    let run = changed.run
    guard run.count < model.configuration.maximumTokens else {
      throw ModelError(
        .badText,
        "the model has room for \(model.configuration.maximumTokens) tokens, and all are used")
    }
    guard let logits = run.trace[.logits], let own = Distribution(logits.slice(logits.rows - 1))
    else { throw ModelError(.badModel, "\(model.name) has no logits to choose a token from") }
    var sampler = Sampler(seed: seed)
    // Every draw takes one random number: those of the tokens before.
    for _ in changes.appended { _ = sampler.choose(from: own, at: 0) }
    let id = sampler.choose(from: own, at: temperature).id
    return .append(id, text: model.tokenizer.display(id: id).text)
  }
}

/// A run with changes that is computed beside the thread that reads keys.
final class StepJob: Sendable {
  /// What became of a run.
  enum Outcome {
    case walks(StepWalks)
    case failed(String)
  }

  private struct State {
    /// The number of the run that is wanted; others end.
    var number = 0
    var progress: String?
    var outcome: Outcome?
  }

  private let state = Mutex(State())
  private let wake: @Sendable () -> Void

  /// - Parameter wake: Called when there is something to take.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Starts a run in the place of the one before.
  func start(_ material: StepMaterial, _ changes: [Change], keeping known: StepWalks) {
    let number = state.withLock { state in
      state = State(number: state.number + 1)
      return state.number
    }
    inBackground { [self] in
      let outcome: Outcome
      do {
        outcome = .walks(
          try StepWalks(material, changes, keeping: known) { layer, stack in
            self.goesOn(number, layer, stack, material.model.configuration)
          })
      } catch is Interruption {
        return
      } catch {
        outcome = .failed("\(error)".visible)
      }
      let isWanted = state.withLock { state in
        guard state.number == number else { return false }
        state.outcome = outcome
        return true
      }
      if isWanted { wake() }
    }
  }

  /// Ends the run that is on its way.
  func end() { state.withLock { $0 = State(number: $0.number + 1) } }

  /// What there is to tell since the last call.
  func take() -> (progress: String?, outcome: Outcome?) {
    state.withLock { state in
      defer { (state.progress, state.outcome) = (nil, nil) }
      return (state.progress, state.outcome)
    }
  }

  private func goesOn(
    _ number: Int, _ layer: Int, _ stack: Site.Stack, _ shape: Configuration
  ) -> Bool {
    let isWanted = state.withLock { state in
      guard state.number == number else { return false }
      let name = stack == .sole ? "" : "\(stack.rawValue), "
      state.progress = "\(name)layer \(layer + 1) of \(shape.shape(of: stack).layers)"
      return true
    }
    if isWanted { wake() }
    return isWanted
  }
}
