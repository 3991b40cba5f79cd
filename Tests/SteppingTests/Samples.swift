import Explanations
import Figures
import Files
import Stepping
import TextDrawing
import Transformers

/// Walks and pages without a model.
enum Samples {
  /// The stations of one layer of a stack.
  private static func layer(_ layer: Int, _ stack: Site.Stack) -> [Station] {
    let attention = Station.Kind.allCases.filter(\.isInAttention)
    let cross =
      stack == .decoder ? attention.map { Station($0, layer: layer, of: .cross) } : []
    return attention.map { Station($0, layer: layer, of: stack) } + cross
      + [Station(.feedForward, layer: layer, of: stack)]
      + [Station(.addFeedForward, layer: layer, of: stack)]
  }

  private static func tokens(_ words: [String]) -> [Terrain.Token] {
    words.map {
      Terrain.Token($0, isSpecial: $0.hasPrefix("["), isWord: $0.first?.isLetter ?? false)
    }
  }

  static let sentence = ["[CLS]", "the", "cat", "sat", "on", "the", "mat", ".", "[SEP]"]

  /// Three layers of four heads.
  static func terrain(
    _ kind: Configuration.Kind = .encoder, _ words: [String] = sentence
  ) -> Terrain {
    let side = Terrain.Side(tokens(words), layers: 3, heads: 4)
    guard kind == .seq2seq else {
      let end: [Station] =
        kind == .decoder
        ? [Station(.logits), Station(.distribution), Station(.nextToken)] : []
      return Terrain(
        model: "sample", kind: kind,
        stations: [Station(.text), Station(.tokens), Station(.embedding)]
          + (0..<3).flatMap { layer($0, .sole) } + end, sides: [.sole: side])
    }
    let target = Terrain.Side(tokens(["[START]", "le", "chat"]), layers: 2, heads: 4)
    return Terrain(
      model: "sample", kind: kind,
      stations: [Station(.text, of: .encoder), Station(.tokens, of: .encoder)]
        + (0..<3).flatMap { layer($0, .encoder) } + [Station(.tokens, of: .decoder)]
        + (0..<2).flatMap { layer($0, .decoder) } + [Station(.logits, of: .decoder)],
      sides: [.encoder: side, .decoder: target])
  }

  static func page(of stepper: Stepper) -> StationPage {
    StationPage(
      station: stepper.station, focus: stepper.focus, title: "Softmax",
      place: "layer 1, head 2 of 4, token 2 “cat”",
      inputs: [.init("scores", "S", [4, 9, 9])], outputs: [.init("weights", "α", [4, 9, 9])],
      formula: ["α = softmax(S)", "α₂ = exp(1.25) / 6.02 = 0.58"], line: "",
      happens: "Every row of scores becomes shares of 1.",
      lookFor: "“cat” looks most at “the”, with 0.58.",
      table: .init(["key", "weight"], (0..<9).map { [sentence[$0], "0.\($0)"] }, right: [1]),
      figure: nil, command: nil, change: nil, numbers: .object([]))
  }

  /// A picture of so many lines, each as wide as there is room.
  static func picture(_ lines: Int) -> StepView.Picture {
    { columns, _, _ in
      let cells = (0..<lines).map { line in
        Array("picture line \(line)".prefix(columns)).map { TerminalCell($0) }
      }
      return TextPicture(lines: cells, grid: 0..<0)
    }
  }

  static func view(
    _ stepper: Stepper, rows: Int = 24, columns: Int = 80, lines: Int = 10,
    color: TerminalColor = .none, theme: Theme = .dark
  ) -> StepView.Shown {
    StepView(
      of: stepper, page: page(of: stepper), rows: rows, columns: columns, theme: theme,
      color: color, commands: ["attnviz step \"the cat\"", "attnviz draw heatmap \"the cat\""],
      picture: picture(lines)
    ).shown()
  }
}

extension Stepper {
  /// Presses the keys of a script; returns what is to be done.
  @discardableResult
  mutating func press(_ script: String) -> [Effect] {
    (Key.all(in: script) ?? []).compactMap { press($0) }
  }
}
