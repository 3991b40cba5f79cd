/// Labels that were shortened, in sentences that say what they are in full.
struct Shortenings {
  private var labels: [(shown: String, full: String)] = []
  private var seen: Set<String> = []

  /// Remembers a label when it is not shown in full.
  mutating func add(_ shown: String, for full: String) {
    guard shown != full, seen.insert(full).inserted else { return }
    labels.append((shown, full))
  }

  /// The full forms of the first three, and how many more there are.
  var sentences: [String] {
    labels.prefix(3).map { label in
      let count = label.full.count
      let full =
        count > 80
        ? "\(label.full.prefix(60))… (\(NumberFormat.count(count)) characters)" : label.full
      return "“\(label.shown)” is “\(full)”."
    } + (labels.count > 3 ? ["\(labels.count - 3) more labels are shortened."] : [])
  }
}
