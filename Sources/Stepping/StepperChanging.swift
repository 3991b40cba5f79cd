internal import Explanations
internal import Transformers

/// Changing the run.
extension Stepper {
  /// Takes a key that changes the run.
  mutating func change(_ key: Key) -> Effect? {
    switch key {
    case .character("x"): return switchHeads()
    case .character("{"): return changeAttention(-1)
    case .character("}"): return changeAttention(1)
    case .character("r"):
      if owner == .decoder {
        message = Message(
          "the model writes the target itself; replace a token of the source", isWarning: true)
      } else {
        prompt = Prompt(.replace)
      }
      return nil
    case .character("u"):
      guard !wanted.isEmpty else {
        message = Message("nothing is changed", isWarning: true)
        return nil
      }
      return compute(Array(wanted.dropLast()))
    case .character("U"):
      guard !wanted.isEmpty else { return nil }
      return compute([])
    case .character("o"):
      guard changes.isComparison else {
        message = Message("nothing is changed: x, { } and r change the run", isWarning: true)
        return nil
      }
      let all = Shown.allCases
      shown = all[((all.firstIndex(of: shown) ?? 0) + 1) % all.count]
      scroll = 0
      return nil
    case .character("."):
      guard terrain.kind == .decoder else {
        message = Message(
          terrain.kind == .encoder
            ? "an encoder does not continue a text" : "the target is written to its end already",
          isWarning: true)
        return nil
      }
      return work == nil ? .append(temperature: focus.temperature) : nil
    default: return nil
    }
  }

  /// What is changed, or will be when the run that is on its way is done.
  private var wanted: [Change] { work?.changes ?? changes }

  /// Computes a run with changes; nothing is to be computed twice.
  package mutating func compute(_ new: [Change]) -> Effect {
    work = (new, "")
    return .compute(new)
  }

  /// Adds a change to what is wanted.
  package mutating func add(_ change: Change) -> Effect { compute(wanted + [change]) }

  /// The head, or all heads of the layer: off when one of them is on.
  private mutating func switchHeads() -> Effect? {
    guard station.layer != nil, station.kind.isInAttention else {
      message = Message("heads are switched at the stations of attention", isWarning: true)
      return nil
    }
    let heads = focus.head.map { [$0] } ?? Array(0..<side.heads)
    let places = heads.map { WalkEdits.Head(focus.layer, $0, of: station.stack) }
    let off = wanted.headsOff
    let isOff = !places.allSatisfy(off.contains)
    return compute(
      wanted + places.filter { off.contains($0) != isOff }.map { .head(isOff: isOff, $0) })
  }

  /// τ inside attention of the head, or of all heads of the layer.
  private mutating func changeAttention(_ step: Int) -> Effect? {
    guard station.layer != nil else {
      message = Message("τ inside attention is changed at a station of a layer", isWarning: true)
      return nil
    }
    let now = wanted.temperature(layer: focus.layer, head: focus.head ?? 0)
    let change = Change.attention(
      now.temperature(step), layer: focus.layer, head: focus.head)
    guard now != now.temperature(step) else { return nil }
    // Several steps of one temperature are one change.
    var all = wanted
    if case .attention(_, focus.layer, focus.head) = all.last { all.removeLast() }
    if now.temperature(step) != 1 || all.temperature(layer: focus.layer, head: focus.head ?? 0) != 1
    {
      all.append(change)
    }
    return compute(all)
  }

  /// How far the run is that is being computed.
  package mutating func progress(_ words: String) { work?.progress = words }

  /// A run with changes is there: it is shown.
  package mutating func finished(_ new: Terrain, _ changes: [Change]) {
    let grew = new.side(of: station).tokens.count > side.tokens.count
    let here = station
    terrain = new
    place = new.stations.firstIndex(of: here) ?? min(place, new.stations.count - 1)
    self.changes = changes
    if work?.changes == changes { work = nil }
    if shown == .original || !changes.isComparison { shown = .changed }
    if grew { tokens[owner] = side.tokens.count - 1 }
    message = Message(finishedWords(changes, grew))
    settle()
  }

  private func finishedWords(_ changes: [Change], _ grew: Bool) -> String {
    if grew, case .append(_, let text) = changes.last {
      return "\"\(text)\" follows now; . goes on, u takes it away"
    }
    let words = changes.words
    return words.isEmpty
      ? "the model is as it was" : words.joined(separator: ", ") + "; o compares, u undoes"
  }

  /// A run did not come about.
  package mutating func failed(_ words: String) {
    work = nil
    message = Message(words, isWarning: true)
  }

  /// Says something.
  package mutating func say(_ words: String, isWarning: Bool = false) {
    message = Message(words, isWarning: isWarning)
  }
}
