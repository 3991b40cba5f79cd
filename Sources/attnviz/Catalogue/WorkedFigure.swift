import Explanations
import Figures
import Files
import Tokenization
import Transformers

extension DrawnFigure {
  static let worked = DrawnFigure(
    name: Worked.name,
    summary: "one head on 2 to 4 tokens, every number printed, to be checked by hand",
    options: ["--token", "--key", "--no-special", "--layer", "--head", "--stack"],
    palettes: { _ in .sequential },
    stack: .decoder,
    source: .run(
      recording: { command in
        let place = try? command.place.resolved()
        let layers = place?.head == nil ? nil : place?.layer.map { Set([$0 - 1, $0]) }
        return Recording(Worked.recorded, layers: layers)
      },
      draw: { command, run, model in
        let isLeftOut = command.maps.noSpecial
        guard !isLeftOut || model.configuration.encoder == nil else {
          throw UsageError("an encoder–decoder is not run without special tokens; leave it out")
        }
        let (layer, head) = try command.place.resolved()
        let (query, key) = (command.maps.token, command.maps.key)
        let choice = try WorkedChoice(
          layer: layer, head: head, query: query, key: key, run, model.transformer)
        let usual = isLeftOut ? try model.tokenizer.encode(run.text, pair: run.pair) : nil
        let left = usual.map { usual in
          usual.tokens.indices.filter { usual.isSpecial[$0] }.map { usual.tokens[$0] }
        }
        let place: [JSON.Member] = [
          JSON.Member("layer", .integer(choice.layer)), JSON.Member("head", .integer(choice.head)),
          JSON.Member("token", .integer(choice.query)), JSON.Member("key", .integer(choice.key)),
        ]
        return (
          Worked(choice, of: run, without: left ?? []), place + command.maps.details
        )
      }), runsWithoutSpecial: true, refuses: { try WorkedChoice.check($0) })
}
