package import Transformers

/// One thing that is changed in a run on purpose.
package enum Change: Hashable, Sendable {
  /// A temperature τ inside attention, for a head, all heads of a layer, or everywhere.
  case attention(Double, layer: Int?, head: Int?)
  /// A head whose context is 0, or is its own again.
  case head(isOff: Bool, WalkEdits.Head)
  /// Another token in a token's place: what was typed, and its number in the vocabulary.
  case replace(token: Int, by: Int, text: String)
  /// A token that follows the text.
  case append(Int, text: String)
}

extension [Change] {
  /// τ inside attention of a head; what was changed last holds.
  package func temperature(layer: Int, head: Int) -> Double {
    for case .attention(let tau, let changedLayer, let changedHead) in reversed()
    where changedLayer ?? layer == layer && changedHead ?? head == head {
      return tau
    }
    return 1
  }

  /// The heads that are off.
  package var headsOff: Set<WalkEdits.Head> {
    var off: Set<WalkEdits.Head> = []
    for case .head(let isOff, let place) in self {
      if isOff { off.insert(place) } else { off.remove(place) }
    }
    return off
  }

  /// Whether the run differs from the model's own of the same tokens.
  package var isComparison: Bool { !words.isEmpty }

  /// The tokens that follow the text.
  package var appended: [Int] {
    compactMap { if case .append(let id, _) = $0 { id } else { nil } }
  }

  /// What is changed, as a run takes it.
  package func edits(_ shape: Configuration) -> WalkEdits {
    var edits = WalkEdits(off: headsOff, appended: appended)
    for change in self {
      switch change {
      case .attention(let tau, let layer, let head):
        edits.attentionTemperature.set(
          tau, layers: layer.map { $0..<$0 + 1 } ?? 0..<shape.mostLayers,
          heads: head.map { $0..<$0 + 1 } ?? 0..<shape.mostHeads)
      case .replace(let token, let id, _): edits.replaced[token] = id
      case .head, .append: continue
      }
    }
    return edits
  }

  /// What is changed, in few words: `L3H5 off`, `τ 2 in L3`, `token 4 is "dog"`.
  package var words: [String] {
    var out = headsOff.sorted { ($0.layer, $0.head) < ($1.layer, $1.head) }
      .map { "\($0) off" }
    var seen: Set<String> = []
    for change in reversed() {
      switch change {
      case .attention(let tau, let layer, let head):
        let place = (layer.map { "L\($0)" } ?? "") + (head.map { "H\($0)" } ?? "")
        guard seen.insert("τ" + place).inserted, tau != 1 else { continue }
        out.append("τ \(tau.temperatureText) in \(place.isEmpty ? "attention" : place)")
      case .replace(let token, _, let text):
        guard seen.insert("\(token)").inserted else { continue }
        out.append("token \(token) is \"\(text)\"")
      case .head, .append: continue
      }
    }
    return out
  }
}

extension Double {
  /// A temperature as people write it: 0, 0.5, ∞.
  package var temperatureText: String {
    if self == .infinity { return "∞" }
    return self == rounded() && magnitude < 1e6 ? "\(Int(self))" : "\(self)"
  }

  /// The steps that keys take from one temperature to the next.
  static let temperatures: [Double] = [
    0, 0.1, 0.25, 0.5, 0.7, 1, 1.4, 2, 4, 10, .infinity,
  ]

  /// The next temperature up or down.
  func temperature(_ step: Int) -> Double {
    step > 0
      ? Self.temperatures.first { $0 > self } ?? .infinity
      : Self.temperatures.last { $0 < self } ?? 0
  }
}
