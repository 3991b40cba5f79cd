import Files
import Synchronization
import Transformers

/// Models that are read once, and runs that several figures share.
final class SharedRuns: Sendable {
  /// What makes two runs the same.
  struct Key: Hashable {
    var model: String?
    var text: String
    var pair: String?
    var addsSpecialTokens: Bool
    var attention: String
  }

  private struct State {
    var models: [String?: (model: Model, digest: String?)] = [:]
    var wanted: [Key: Recording] = [:]
    var runs: [Key: Run] = [:]
  }

  private let state = Mutex(State())

  /// Says that a run will be asked for, and what it must have recorded.
  func expect(_ key: Key, _ recording: Recording) {
    state.withLock { $0.wanted[key] = $0.wanted[key]?.union(recording) ?? recording }
  }

  /// Forgets the runs: their figures are drawn.
  func forgetRuns() {
    state.withLock { ($0.wanted, $0.runs) = ([:], [:]) }
  }

  /// The model that options name, and its digest; who comes second waits and shares.
  func model(_ options: ModelOptions) throws -> (model: Model, digest: String?) {
    try state.withLock { state in
      if let known = state.models[options.model] { return known }
      let loaded = try options.load()
      state.models[options.model] = loaded
      return loaded
    }
  }

  /// A run that was expected is made once, with all that was expected of it, and every caller gets
  /// what it asked for; any other is made at once.
  func run(
    _ key: Key, _ recording: Recording, _ make: (Recording) throws -> Run
  ) throws -> Run {
    guard state.withLock({ $0.wanted[key] != nil }) else { return try make(recording) }
    return try state.withLock { state in
      if let known = state.runs[key] { return known.keeping(recording) }
      let run = try make(state.wanted[key] ?? recording)
      state.runs[key] = run
      return run.keeping(recording)
    }
  }

  /// All that was recorded of a run that was expected and made.
  func trace(of key: Key) -> Trace? {
    state.withLock { $0.runs[key]?.trace }
  }
}

extension Recording {
  /// What keeps all that either keeps.
  func union(_ other: Recording) -> Recording {
    guard !values.isEmpty else { return other }
    guard !other.values.isEmpty else { return self }
    let layers = layers.flatMap { own in other.layers.map { own.union($0) } }
    return Recording(values.union(other.values), layers: layers)
  }
}
