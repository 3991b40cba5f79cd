import Analysis
import ArgumentParser
import Explanations
import Figures
import Files
import TensorFiles
import Transformers

extension DrawnFigure {
  static let neighbours = DrawnFigure(
    name: Neighbours.name,
    summary: "nearest word vectors of each token, before and after a layer (or --vectors FILE)",
    options: ["--layer", "--top", "--vectors", "--unit", "--seed"],
    source: .run(
      recording: { command in
        let layer = (try? command.place.resolved())?.layer
        return Recording([.output], layers: layer.map { [$0] })
      },
      draw: { command, run, model in
        try command.checkSeed()
        let layer = try command.place.resolved().layer ?? run.configuration.layers - 1
        let figure = try Neighbours(
          of: run, model: model, layer: layer, showing: command.neighbours)
        return (figure, [JSON.Member("layer", .integer(layer)), command.topMember])
      }),
    words: { command, text, path in
      try command.checkSeed()
      let vectors = try WordVectors(path)
      let name = path.split(separator: "/").last.map { String($0).visible } ?? path
      let seed = command.generation.sampling.seed ?? 0
      let projections: AttentionUnit.Projections =
        command.vectors.unit == .random ? .random(seed: seed) : .identity
      let figure = try Neighbours(
        of: text, in: vectors, named: name, through: projections, showing: command.neighbours)
      var details: [JSON.Member] = [
        command.topMember, JSON.Member("vectors", .string(name)),
        JSON.Member("vectors_sha256", .string(try ModelStore().digest(of: path))),
        JSON.Member("unit", .string((command.vectors.unit ?? .identity).rawValue)),
      ]
      if command.vectors.unit == .random {
        details.append(JSON.Member("seed", .string("\(seed)")))
      }
      return (figure, details)
    })
}

/// Word vectors of a file, in place of a model's.
struct VectorOptions: ParsableArguments {
  /// What W_Q and W_K of an attention unit are.
  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case identity, random
  }

  @Option(
    help: ArgumentHelp(
      "Take word vectors from a text file of GloVe or word2vec and send them through one attention unit, without a model.",
      valueName: "file"), completion: .file(extensions: ["txt"]))
  var vectors: String?

  @Option(help: "W_Q and W_K of that unit: identity, or random from --seed. W_V is the identity.")
  var unit: Unit?

  func validate() throws {
    if unit != nil, vectors == nil { throw ValidationError("--unit needs --vectors FILE.") }
  }
}

extension DrawCommand {
  /// How many neighbours are named.
  fileprivate var neighbours: Int { distribution.top ?? 5 }

  /// A seed means something to random projections only.
  fileprivate func checkSeed() throws {
    guard generation.sampling.seed == nil || vectors.unit == .random else {
      throw UsageError("--seed needs --unit random")
    }
  }

  fileprivate var topMember: JSON.Member { JSON.Member("top", .integer(neighbours)) }
}
