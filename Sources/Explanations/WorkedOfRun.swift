internal import Analysis
public import Figures
internal import Tokenization
public import Transformers

extension Worked {
  /// One head on two to four tokens, every number printed.
  ///
  /// - Parameters:
  ///   - choice: The head, and the pair of tokens that is followed.
  ///   - left: The special tokens that the run was made without, on purpose.
  public init(_ choice: WorkedChoice, of run: Run, without left: [String] = []) {
    let words = WorkedWords(choice, run)
    let steps = WorkedSteps(choice, run)
    self.init(
      caption: words.caption(steps, without: left), tokens: run.labels(), query: choice.query,
      key: choice.key, input: steps.input, projections: steps.projections, steps: steps.panels,
      lines: steps.lines, linesTitle: "One row in full: the query \(words.query.quoted)",
      reason: words.reason)
  }

  /// What must be recorded.
  public static let recorded = HeadCoordinates.recorded
}

/// What is said about a worked head.
private struct WorkedWords {
  private let choice: WorkedChoice
  private let run: Run

  init(_ choice: WorkedChoice, _ run: Run) {
    self.choice = choice
    self.run = run
  }

  var query: String { run.name(of: choice.query).isolated }
  private var key: String { run.name(of: choice.key).isolated }
  private var numbers: HandCalculation { choice.numbers }

  private var title: String {
    let row = numbers.weights[choice.query].map { $0?.units ?? 0 }
    if choice.query == choice.key {
      return "Check it by hand: how much \(query.quoted) looks at itself"
    }
    let isMost = row[choice.key] == row.max()
    return "Check it by hand: " + (isMost ? "" : "how much ")
      + "\(query.quoted) looks at \(key.quoted)"
  }

  func caption(_ steps: WorkedSteps, without left: [String]) -> Caption {
    let names = left.joined(separator: " and ")
    return Caption(
      title: title,
      subtitle: [
        .text(
          "\(run.model) · L\(choice.layer)H\(choice.head)\(run.stackWords) · \(run.count) tokens · "
            + "written in \(run.count) coordinates without changing any score · every number "
            + "follows from the printed ones")
      ],
      badge: left.isEmpty
        ? nil : "run without \(names), with which the model was trained",
      notes: [[.text(choice.words + " " + rounding)]]
        + (more.isEmpty ? [] : [[.text(more.joined(separator: " "))]])
        + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote, summary: summary(steps))
  }

  /// How numbers are rounded, and what that changes.
  private var rounding: String {
    let most = (numbers.deviation * 1000).rounded(.up) / 1000
    let places = (numbers.decimals, numbers.decimals + 1)
    return "Rounded after each step, halves away from zero: \(places.0) decimals; \(places.1) for "
      + "learned numbers, exponentials, their sums and a. Against the unrounded run no weight "
      + "differs by more than \(NumberFormat.fixed(max(most, 0.001), decimals: 3))."
  }

  private var more: [String] {
    let shape = run.configuration
    var sentences: [String] = []
    let one = PrintedNumber.one(numbers.decimals + 1)
    let sums = numbers.weights.map { $0.reduce(0) { $0 + ($1?.units ?? 0) } }
    if sums.contains(where: { $0 != one.units }) {
      sentences.append("By rounding a row of a may miss 1 in its last digit.")
    }
    if numbers.maxima != nil {
      sentences.append(
        "The largest α of a row is taken off its row before the exponential: that changes no weight "
          + "and keeps the numbers small.")
    }
    if shape.groups < shape.heads {
      sentences.append(
        "\(shape.heads / shape.groups) query heads share these keys and values.")
    }
    if numbers.bias != nil {
      sentences.append("The bias is what the distance of two tokens adds, as the model has it.")
    }
    return sentences
  }

  var reason: Worked.Reason {
    let (shape, count) = (run.configuration, Words.count(run.count))
    let isRecorded = numbers.query == nil
    let cause =
      shape.queryKeyNorm == .none
      ? "rotary positions turn queries and keys by another angle for every token"
      : "queries and keys are normalised after W, and turned by their positions"
    let missing: [Inline] = [
      .formula(.sub(.variable("W"), .variable("Q"))), " and ",
      .formula(.sub(.variable("W"), .variable("K"))),
      .text(
        " are not shown: \(cause), so no one matrix leads from x to them. Q and K are the recorded "
          + "ones, as they meet."),
    ]
    return Worked.Reason(
      title: "Why \(count) coordinates?",
      text: [
        .text(
          "\(count.capitalizedFirst) tokens span at most \(count) directions. The real vectors "
            + "(\(shape.width) numbers in x, \(shape.headWidth) in q, k, v) are rotated onto them, in the "
            + "order of the tokens (Gram–Schmidt): dot products, weights and the length of z stay those "
            + "of the real head. Only the part of q that no key can see is left out.")
      ],
      missing: isRecorded ? missing : nil)
  }

  private func summary(_ steps: WorkedSteps) -> String {
    let rows = numbers.weights.enumerated().map { row, weights in
      let listed = weights.enumerated().compactMap { key, weight in
        weight.map {
          "\(run.name(of: key).quoted) \(NumberFormat.fixed($0.value, decimals: $0.decimals))"
        }
      }
      return "\(run.name(of: row).quoted) looks at \(listed.joined(separator: ", "))"
    }
    let (i, j) = (choice.query, choice.key)
    func text(_ number: PrintedNumber) -> String { number.text }
    let output = numbers.outputs[i].map(text).joined(separator: ", ")
    return "Layer \(choice.layer), head \(choice.head)\(run.stackWords) of \(run.model) for "
      + "\(run.count) tokens, computed by hand in \(run.count) coordinates, every matrix printed: "
      + "input, learned numbers, queries, keys, values, scores, exponentials, weights, output. "
      + "Weights: \(rows.joined(separator: "; ")). Followed: \(run.name(of: i).quoted) and "
      + "\(run.name(of: j).quoted), product \(text(numbers.products[i][j])), score "
      + "\(text(numbers.scores[i][j])), exponential \(numbers.exponentials[i][j]?.text ?? "none") of "
      + "\(text(numbers.sums[i])), weight \(numbers.weights[i][j]?.text ?? "none"); output \(output)."
  }
}

extension PrintedNumber {
  /// As it is printed.
  var text: String { NumberFormat.fixed(value, decimals: decimals) }

  /// A factor behind a sign: negative ones in parentheses.
  var factor: String { units < 0 ? "(\(text))" : text }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
