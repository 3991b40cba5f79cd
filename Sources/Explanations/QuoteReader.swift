internal import Files
public import Transformers

extension Quote {
  /// What a citation names, before a trace is there to look it up.
  public struct Citation: Sendable, Equatable {
    /// What is done with the numbers.
    public var reduction: Reduction
    /// Where the numbers are; two places for `dot`.
    public var places: [Place]

    /// Reads how a quote describes itself, for instance `layers.3.attention.weights[1, 10, 2]` or
    /// `norm(layers.0.residual[4, :])`.
    ///
    /// - Returns: `nil` when it is no such description.
    public init?(_ text: String) {
      let compact = text.filter { $0 != " " }
      var inside = Substring(compact)
      reduction = .element
      if let open = compact.firstIndex(of: "("), compact.last == ")" {
        guard let named = Reduction(rawValue: String(compact[..<open])), named != .element else {
          return nil
        }
        reduction = named
        inside = compact[compact.index(after: open)...].dropLast()
      }
      let parts = inside.split(separator: "]", omittingEmptySubsequences: false)
      guard parts.last?.isEmpty == true else { return nil }
      places = parts.dropLast().enumerated().compactMap { index, part in
        let isFollowing = index > 0 && part.first == ","
        return index == 0 || isFollowing
          ? Place(reading: isFollowing ? part.dropFirst() : part) : nil
      }
      guard places.count == parts.count - 1, places.count == (reduction == .dot ? 2 : 1),
        reduction != .element || places[0].index.allSatisfy({ $0 != nil })
      else { return nil }
    }

    /// The number in a trace.
    ///
    /// - Returns: `nil` when the trace does not hold the place.
    public func value(in trace: Trace) -> Double? {
      let quote =
        places.count == 2
        ? Quote(reduction, places[0], places[1], of: trace) : Quote(reduction, places[0], of: trace)
      return quote?.value
    }

    /// What has to be recorded for it.
    public var recording: Recording {
      let layers = places.compactMap(\.site.layer)
      return Recording(Set(places.map(\.site.value)), layers: Set(layers))
    }
  }
}

extension Quote.Place {
  /// Reads `layers.3.attention.weights[1,10,:` without its last bracket.
  fileprivate init?(reading text: Substring) {
    guard let open = text.firstIndex(of: "["), let site = Site(name: String(text[..<open])) else {
      return nil
    }
    let entries = text[text.index(after: open)...]
      .split(separator: ",", omittingEmptySubsequences: false)
    var index: [Int?] = []
    for entry in entries {
      let number = Int(entry)
      guard entry == ":" || number.map({ $0 >= 0 }) == true else { return nil }
      index.append(number)
    }
    self.init(site, index)
  }
}
