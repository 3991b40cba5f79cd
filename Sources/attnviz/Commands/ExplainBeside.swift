import ArgumentParser
import Explanations
import Files
import Transformers

extension ExplainCommand {
  /// The models of the program that are shown side by side where none was chosen: an encoder and a
  /// decoder that learned from the same text.
  private static let beside = ["tiny-bert", "tiny-gpt"]

  /// How a real model is used.
  static let advice =
    "for a real model: attnviz models add minilm, then attnviz explain --model minilm TEXT"

  /// Whether no model was chosen and the program has those to show side by side.
  func showsSideBySide() throws -> Bool {
    let store = ModelStore()
    guard try store.chosen(model.model) == nil else { return false }
    let names = store.embedded.map(\.name)
    return Self.beside.allSatisfy(names.contains)
  }

  /// What the models of the program do with the text, side by side.
  func explainedSideBySide() throws -> ExplainedText {
    // Read once: standard input cannot be read again.
    let (text, pair) = try text.read()
    let texts = try Self.beside.map { name in
      var command = self
      (command.text.text, command.text.pair) = (text, pair)
      (command.text.textFile, command.text.pairFile) = (nil, nil)
      command.model.model = name
      return try command.explainedByOne()
    }
    let (drawn, provenance) = try comparison(text, pair)
    return ExplainedText(
      texts, of: text, comparing: drawn, provenance,
      note: "Both are small models that come with attnviz and know little; \(Self.advice).")
  }

  /// Both maps, as `attnviz draw heatmap --against` draws them.
  private func comparison(
    _ text: String, _ pair: String?
  ) throws -> (Explanation.Drawn, Provenance) {
    let (first, second) = (Self.beside[0], Self.beside[1])
    var command = try DrawCommand.parse(
      ["heatmap", "--output=-", "--model=\(first)", "--against=\(second)", "--compare=side"]
        + (pair.map { ["--pair=\($0)"] } ?? []) + ["--", text])
    command.options.look = look
    command.attention = attention
    command.common = common
    let (figure, provenance) = try command.drawn(.heatmap)
    let drawn = Explanation.Drawn(
      name: "side-by-side", figure: figure,
      caption: "Where every token looks: in each model the head whose strongest link carries most.")
    return (drawn, provenance)
  }
}
