internal import Figures

/// Column labels that a figure sets on their side, as numbers: a terminal cannot turn words. Rows
/// of the same tokens get the same numbers; else a key says what the numbers mean.
struct NumberedColumns {
  /// All runs, none of them turned.
  private(set) var runs: [TextRun]
  private var names: [String] = []
  /// The height that the turned labels took, their last line left out.
  private(set) var turned: ClosedRange<Double>?

  init(_ all: [TextRun], _ x: AxisMap) {
    let labels = all.filter { $0.isTurned && $0.alignment == .start }
    let isTurned = labels.count > 1
    // Labels of one letter are not turned; they get numbers with the others.
    let feet = labels.map(\.anchor.y)
    func isNumbered(_ run: TextRun) -> Bool {
      isTurned
        && (run.isTurned && run.alignment == .start
          || labels.contains { $0.label == run.label } && run.alignment == .middle
            && feet.contains { ($0 - run.anchor.y).magnitude < 6 })
    }
    runs = all.filter { !isNumbered($0) }.map(\.upright)
    for line in Self.lines(all.filter(isNumbered)) { number(line, x) }
    guard isTurned, let foot = feet.max() else { return }
    let top = labels.map { $0.anchor.y - TextMeasure.column * Double($0.width) }.min() ?? foot
    turned = min(top, foot - 8)...(foot - 7)
  }

  /// Labels that end at one height, from left to right.
  private static func lines(_ labels: [TextRun]) -> [[TextRun]] {
    var lines: [[TextRun]] = []
    for label in labels.sorted(by: { $0.anchor.y > $1.anchor.y }) {
      if let last = lines.last?.last, last.anchor.y - label.anchor.y < 6 {
        lines[lines.count - 1].append(label)
      } else {
        lines.append([label])
      }
    }
    return lines.flatMap { panels($0.sorted { $0.anchor.x < $1.anchor.x }) }
  }

  /// Labels of one matrix: between matrices there is more room than between columns.
  private static func panels(_ labels: [TextRun]) -> [[TextRun]] {
    let gaps = zip(labels, labels.dropFirst()).map { $1.anchor.x - $0.anchor.x }
    guard let least = gaps.min() else { return [labels] }
    var panels = [[labels[0]]]
    for (label, gap) in zip(labels.dropFirst(), gaps) {
      if gap > 2.5 * least {
        panels.append([label])
      } else {
        panels[panels.count - 1].append(label)
      }
    }
    return panels
  }

  private mutating func number(_ labels: [TextRun], _ x: AxisMap) {
    guard labels.count > 1 else { return }
    let widest = String(labels.count - 1).count + 1
    let places = labels.map { x($0.anchor.x) }
    let least = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? 1
    let foot = labels.first { $0.isTurned }?.anchor.y ?? labels[0].anchor.y + 3
    let step = max(Int((Double(widest) / max(least, 0.01)).rounded(.up)), 1)
    for index in stride(from: 0, to: labels.count, by: step) {
      var run = labels[index].upright
      run.parts = [
        .init(string: String(index), color: labels[index].parts[0].color, isBold: run.isBold)
      ]
      run.alignment = .middle
      // The baseline of a turned word is beside its middle, and its start is the foot.
      run.anchor = Point(run.anchor.x - (labels[index].isTurned ? 2.2 : 0), foot - 3)
      runs.append(run)
    }
    let strings = labels.map(\.string)
    guard !numberRows(strings), strings.count > names.count else { return }
    names = strings
  }

  /// Puts the numbers before row labels that are the same tokens.
  private mutating func numberRows(_ strings: [String]) -> Bool {
    let rows = runs.indices.filter { runs[$0].label == "rows" && runs[$0].alignment == .end }
      .sorted { runs[$0].anchor.y < runs[$1].anchor.y }
    let main = rows.filter { index in strings.contains(runs[index].string) }
    guard main.map({ runs[$0].string }) == strings else { return false }
    let digits = String(strings.count - 1).count
    let widest = main.map { runs[$0].width }.max() ?? 0
    for (number, index) in main.enumerated() {
      let text = String(number)
      let space = String(repeating: " ", count: digits - text.count)
      let gap = String(repeating: " ", count: widest - runs[index].width + 1)
      runs[index].parts.insert(
        .init(string: space + text + gap, color: runs[index].parts[0].color, isBold: false), at: 0)
    }
    return true
  }

  /// Whether a mark belongs to labels that became numbers: their chips.
  func covers(_ mark: FlatScene.Drawn) -> Bool {
    guard let turned, case .shape(let shape) = mark, shape.path.fill != nil else { return false }
    let bounds = shape.path.steps.bounds
    return bounds.minY > turned.lowerBound - 4 && bounds.maxY < turned.upperBound + 6.5
      && bounds.size.width < 12 && shape.path.steps.isCurved
  }

  /// What the numbers mean, in lines of a width; empty where the rows say it.
  func key(columns: Int) -> [String] {
    guard !names.isEmpty else { return [] }
    var lines = ["columns:"]
    for (index, name) in names.enumerated() {
      let entry = " \(index) " + name
      if TerminalWidth.of(lines[lines.count - 1] + entry) > columns { lines.append(" ") }
      lines[lines.count - 1] += " " + entry
    }
    return lines.map { TerminalWidth.shortened($0, to: columns) }
  }
}

extension TextRun {
  fileprivate var isBold: Bool { parts.first?.isBold ?? false }

  fileprivate var upright: TextRun {
    var run = self
    run.isTurned = false
    return run
  }
}
