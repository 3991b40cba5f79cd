internal import Explanations
internal import Transformers

/// Moving: stations, layers, heads, tokens.
extension Stepper {
  /// Takes a key that moves; whether it was one.
  mutating func moves(_ key: Key) -> Bool {
    switch key {
    case .right, .character("l"), .character(" "): go(by: 1)
    case .left, .character("h"), .character("b"), .backspace: go(by: -1)
    case .home: go(to: 0)
    case .end, .character("G"): go(to: terrain.stations.count - 1)
    case .character("]"): changeLayer(by: 1)
    case .character("["): changeLayer(by: -1)
    case .character(">"): changeHead(by: 1)
    case .character("<"): changeHead(by: -1)
    case .character("a"): focus.head = focus.head == nil ? 0 : nil
    case .down, .character("j"): changeToken(by: 1)
    case .up, .character("k"): changeToken(by: -1)
    case .character("J"): changeKey(by: 1)
    case .character("K"): changeKey(by: -1)
    case .enter: toggleKey()
    case .character("+"), .character("="): changeTemperature(1)
    case .character("-"): changeTemperature(-1)
    case .character("n"): findNext(1)
    case .character("N"): findNext(-1)
    default: return false
    }
    settle()
    return true
  }

  /// Goes to a station by its number.
  mutating func go(to number: Int) {
    let last = terrain.stations.count - 1
    if number > last { message = Message("this is the last station; ← goes back") }
    if number < 0 { message = Message("this is the first station; → goes on") }
    place = min(max(number, 0), last)
    scroll = 0
    settle()
  }

  private mutating func go(by step: Int) { go(to: place + step) }

  /// The same station of another layer of the stack; outside the layers, the nearest layer.
  private mutating func changeLayer(by step: Int) {
    guard let layer = station.layer else {
      let places = terrain.stations.indices
      let found =
        step > 0
        ? places.first { $0 > place && terrain.stations[$0].layer != nil }
        : places.last { $0 < place && terrain.stations[$0].layer != nil }
      guard let found else {
        message = Message("there is no layer \(step > 0 ? "after" : "before") this station")
        return
      }
      place = found
      return
    }
    let wanted = Station(station.kind, layer: layer + step, of: station.stack)
    guard let found = terrain.stations.firstIndex(of: wanted) else {
      message = Message("layer \(layer) is the \(step > 0 ? "last" : "first") of its stack")
      return
    }
    place = found
  }

  private mutating func changeHead(by step: Int) {
    let heads = side.heads
    guard let head = focus.head else {
      focus.head = step > 0 ? 0 : heads - 1
      return
    }
    guard (0..<heads).contains(head + step) else {
      message = Message("head \(head) is the \(step > 0 ? "last" : "first"); a shows all heads")
      return
    }
    focus.head = head + step
  }

  private mutating func changeToken(by step: Int) {
    let token = focus.token + step
    guard side.tokens.indices.contains(token) else {
      message = Message("this is the \(step > 0 ? "last" : "first") token")
      return
    }
    choose(token)
  }

  private mutating func choose(_ token: Int) {
    tokens[owner] = token
    hasChosenToken = true
  }

  private mutating func changeKey(by step: Int) {
    guard let key = focus.key else {
      toggleKey()
      return
    }
    guard keys.indices.contains(key + step) else {
      message = Message("this is the \(step > 0 ? "last" : "first") token")
      return
    }
    focus.key = key + step
  }

  /// Looks at a key token, first at the token before the focused one, or no longer.
  private mutating func toggleKey() {
    guard focus.key == nil else {
      focus.key = nil
      return
    }
    let start = station.stack == .cross ? 0 : max(focus.token - 1, 0)
    focus.key = keys.isEmpty ? nil : min(start, keys.count - 1)
    message = Message("J and K choose the key token; Enter leaves it")
  }

  private mutating func changeTemperature(_ step: Int) {
    focus.temperature = focus.temperature.temperature(step)
    message = Message("τ of the output is \(focus.temperature.temperatureText)")
  }
}

/// Going to what was typed.
extension Stepper {
  mutating func jump(to words: String) {
    guard let target = JumpTarget(words) else {
      message = Message(
        "\"\(words)\" is no place: L3H5, L3, H5, weights or L3.weights", isWarning: true)
      return
    }
    if let station = target.station ?? named(target.name) {
      guard let found = terrain.stations.firstIndex(of: station) else {
        message = Message("there is no station \(station.id) in this walk", isWarning: true)
        return
      }
      go(to: found)
    } else if target.name != nil {
      message = Message("no station begins with \"\(words)\"", isWarning: true)
    } else {
      jump(layer: target.layer, head: target.head)
    }
  }

  /// The next station of a name, in this layer if there is one.
  private func named(_ name: String?) -> Station? {
    guard let name else { return nil }
    let fitting = terrain.stations.filter { $0.kind.rawValue.hasPrefix(name) }
    return fitting.first { $0.stack == station.stack && $0.layer == focus.layer }
      ?? fitting.first { $0.stack == station.stack } ?? fitting.first
  }

  private mutating func jump(layer: Int?, head: Int?) {
    let side = side
    if let head, head >= side.heads {
      message = Message("there are \(side.heads) heads, from H0", isWarning: true)
      return
    }
    if let layer {
      let kind = station.kind.isInLayer ? station.kind : .weights
      let found = terrain.stations.indices.filter { index in
        terrain.stations[index].kind == kind && terrain.stations[index].layer == layer
      }
      guard
        let near = found.first(where: { terrain.stations[$0].stack == station.stack })
          ?? found.first
      else {
        message = Message("there are \(side.layers) layers, from L0", isWarning: true)
        return
      }
      go(to: near)
    }
    if let head { focus.head = head }
    settle()
  }

  mutating func find(_ words: String) {
    if !words.isEmpty { needle = words }
    findNext(1)
    settle()
  }

  /// The next token with the words that are looked for, around the end.
  private mutating func findNext(_ step: Int) {
    guard !needle.isEmpty else {
      message = Message("/ looks for a token; n then finds the next", isWarning: true)
      return
    }
    let count = side.tokens.count
    let wanted = needle.lowercased()
    for distance in 1...max(count, 1) where count > 0 {
      let token = ((focus.token + step * distance) % count + count) % count
      if side.tokens[token].text.lowercased().contains(wanted) {
        choose(token)
        return
      }
    }
    message = Message("no token has \"\(needle)\"", isWarning: true)
  }
}
