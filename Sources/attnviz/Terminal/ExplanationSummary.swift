import Explanations
import Files
import Tensors
import Tokenization
import Transformers
import TextDrawing

/// What `explain` prints of a run: the strongest links, one head as characters.
struct ExplanationSummary {
  private let explanation: Explanation
  private let run: Run
  private let color: TerminalColor

  init(_ explanation: Explanation, _ run: Run, color: TerminalColor) {
    self.explanation = explanation
    self.run = run
    self.color = color
  }

  /// The lines.
  var text: String {
    var parts = [
      color.bold(explanation.title.visible) + "\n" + color.quiet(explanation.subtitle.visible)
        + "\n"
    ]
    if let section = explanation.sections.first(where: {
      $0.heading.hasPrefix("The strongest links")
    }) {
      parts += [lines(of: section)]
    }
    if let map { parts.append(map) }
    return parts.joined(separator: "\n")
  }

  /// The first sentences and the table of a section.
  private func lines(of section: Explanation.Section) -> String {
    section.blocks.compactMap { block in
      switch block {
      case .table(let header, let rows):
        Table(header, rows.map { $0.map { $0.map(\.bare).joined() } }, right: Set(3..<header.count))
          .text
      default: nil
      }
    }.joined()
  }

  private var map: String? {
    guard let focus = explanation.focus,
      let weights = run.trace[.weights, layer: focus.layer, head: focus.head]
    else { return nil }
    let map = TerminalHeatmap(
      weights, mask: run.trace.masks[focus.layer], tokens: run.tokens,
      keys: run.stack == .cross ? run.keys.tokens : nil, focus: focus.query,
      color: color, columns: TerminalSize.columns)
    let wide = "  wider than this terminal; see the figures\n"
    let part = run.stack == .cross ? " of the cross-attention" : ""
    return color.bold("L\(focus.layer)H\(focus.head)\(part)") + ", softmax weights a\n"
      + (map.text ?? wide)
  }

  /// What stands at the end: where the rest is.
  static func files(_ explanation: Explanation, in folder: String) -> String {
    let traces = explanation.traces.joined(separator: ", ")
    return """
      \(folder)/index.html   the explanation, one page to read and share
      \(folder)/index.md, figures/, \(traces), explanation.json

      """
  }
}
