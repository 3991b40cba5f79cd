public import Files

/// What several policies did against each other, in order.
public struct Matches: Sendable, Equatable {
  /// Two policies and how much of a win it was for the first: 1, ½ for a tie, or 0.
  public struct Match: Sendable, Equatable {
    /// The place of the first policy among the names.
    public var first: Int
    /// The place of the second.
    public var second: Int
    /// What the first one gets.
    public var result: Double

    /// Creates a match.
    public init(_ first: Int, _ second: Int, result: Double) {
      (self.first, self.second, self.result) = (first, second, result)
    }
  }

  /// The policies, in the order in which they first appear.
  public private(set) var names: [String] = []
  /// The matches.
  public private(set) var all: [Match] = []

  /// None yet.
  public init() {}

  /// The matches of comparisons in which both policies are named and a choice or a tie was made;
  /// a text against another one of the same policy says nothing and is left out.
  public init(_ comparisons: [Comparison]) {
    for comparison in comparisons {
      guard let left = comparison.left.policy, let right = comparison.right.policy else { continue }
      switch comparison.choice {
      case .left: add(left, right, result: 1)
      case .right: add(left, right, result: 0)
      case .tie: add(left, right, result: 0.5)
      case .skip: continue
      }
    }
  }

  /// Adds a match of two policies.
  public mutating func add(_ first: String, _ second: String, result: Double) {
    guard first != second else { return }
    let places = [first, second].map { name -> Int in
      if let place = names.firstIndex(of: name) { return place }
      names.append(name)
      return names.count - 1
    }
    all.append(Match(places[0], places[1], result: result))
  }

  /// In how many matches a policy stood.
  public func count(_ policy: Int) -> Int {
    all.count { $0.first == policy || $0.second == policy }
  }

  /// The matches that were ties.
  public var ties: Int { all.count { $0.result == 0.5 } }
}
