import ArgumentParser
import Files
import TensorFiles
import Transformers

/// `attnviz trace`: the recorded tensors as a file.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Write every recorded tensor of a run to a file.",
    discussion: """
      EXAMPLES
        attnviz trace -o trace.safetensors "The cat sat on the mat."
        attnviz trace --model gpt2 --text-file story.txt -o trace.npz
        attnviz trace --model phonemes --max-new-tokens 8 -o trace.npz "knightly"
        attnviz trace --model gpt2 --tau 0,0.5,1,2,inf -o next.npz "The capital of France is"

      Q, K, V, scores, weights, context, outputs and residuals of every layer, and the logits.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .safetensors, .npz or .json; - is standard output.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("Decides the format instead of the file's extension.", valueName: "format"))
  var format: ArchiveFormat?

  @Option(
    help: ArgumentHelp(
      "Also record the next token's distribution at these temperatures: 0,0.5,1,inf.",
      valueName: "list"))
  var tau: TemperatureList?

  @Option(
    help: ArgumentHelp(
      "With an encoder–decoder: record N greedy tokens of the target and go on after one that ends it. Without it, to the end, \(Generation.Settings.targetCount) at most.",
      valueName: "N"))
  var maxNewTokens: Int?

  func validate() throws {
    try text.check()
    if let maxNewTokens, maxNewTokens < 1 {
      throw ValidationError("--max-new-tokens takes a number from 1.")
    }
  }

  /// How an encoder–decoder writes its target.
  private func target(_ model: Model) throws -> Generation.Settings {
    guard let maxNewTokens else { return .greedy(count: Generation.Settings.targetCount) }
    guard model.configuration.kind == .seq2seq else {
      throw UsageError(
        "--max-new-tokens is for encoder–decoders; attnviz generate --trace FILE records what a "
          + "decoder continues")
    }
    return .greedy(count: maxNewTokens, ignoresEnd: true)
  }

  func run() throws {
    let format = try ArchiveFormat(format, output)
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    var run = try model.run(
      text, pair: pair, digest: digest,
      attentionTemperature: attention.temperature(model.configuration), target: target(model),
      common)
    if let tau { try run.recordNextToken(at: tau.values) }
    try run.archive().write(to: output, as: format)
    common.say("wrote \(output)")
  }
}

/// The formats of a trace.
enum ArchiveFormat: String, ExpressibleByArgument, CaseIterable {
  case safetensors, npz, json

  /// The format that is asked for, else the one of the file's extension.
  init(_ wanted: ArchiveFormat?, _ path: String) throws {
    let known = Self.allCases.first { path.hasSuffix("." + $0.rawValue) }
    guard let format = wanted ?? known ?? (path == "-" ? .safetensors : nil) else {
      throw UsageError(
        "\(path): no known format; use .safetensors, .npz or .json, or --format")
    }
    self = format
  }
}

extension Archive {
  /// Writes the archive to a file, or to standard output for `-`.
  func write(to path: String, as format: ArchiveFormat) throws {
    if path == "-" {
      try write(as: format) { try Output.data(Array($0)) }
    } else {
      let file = try OutputFile(path)
      try write(as: format) { try file.write($0) }
      try file.commit()
    }
  }

  private func write(
    as format: ArchiveFormat, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    switch format {
    case .safetensors: try writeSafeTensors(write)
    case .npz: try writeNPZ(write)
    case .json: try writeJSON(write)
    }
  }
}
