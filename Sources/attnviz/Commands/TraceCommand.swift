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
        attnviz trace --record weights,scores --layers 0-3 -o maps.safetensors "The cat sat."
        attnviz trace --model phonemes --max-new-tokens 8 -o sounds.npz "knightly"
        attnviz trace --model gpt2 --tau 0,0.5,1,2,inf -o next.npz "The capital of France is"

      Q, K, V, scores, weights, context, outputs and residuals of every layer, and the logits. The
      file is written while the model runs: no more than one layer's values are in memory.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var recording: RecordingOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .safetensors, .npz or .json; - is standard output.", valueName: "file"),
    completion: .recordings)
  var output: String

  @Option(
    help: ArgumentHelp("Decides the format instead of the file's extension.", valueName: "format"))
  var format: ArchiveFormat?

  @Option(
    help: ArgumentHelp(
      "Also record the next token's distribution at these temperatures: 0,0.5,1,inf.",
      valueName: "list"), transform: TemperatureList.init)
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
    let recording = try recording.recording(model.configuration)
    let pass = Pass(
      recording: recording, attentionTemperature: try attention.temperature(model.configuration),
      logits: recording.values.contains(.logits) ? .all : tau == nil ? .none : .last)
    let target = try target(model)
    let notFinite =
      model.configuration.kind == .seq2seq
      ? try writeTarget(target, text, pair, model, digest, pass, format)
      : try write(text, pair, model, digest, pass, format)
    if let notFinite { common.say("warning: \(notFinite) is not finite") }
    common.say("wrote \(output)")
  }

  /// Writes the trace while the model runs; returns where the first value is that is not finite.
  private func write(
    _ text: String, _ pair: String?, _ model: Model, _ digest: String?, _ pass: Pass,
    _ format: ArchiveFormat
  ) throws -> Site? {
    let file = output == "-" ? nil : try OutputFile(output)
    let (_, notFinite) = try model.record(
      text, pair: pair, digest: digest, pass: pass, temperatures: tau?.values ?? [],
      announce: { model.announce(pass.recording, tokens: $0, common) }
    ) { outline in
      ArchiveStream(outline, as: format.writer) { bytes in
        if let file { try file.write(bytes) } else { try Output.data(Array(bytes)) }
      }
    }
    try file?.commit()
    return notFinite
  }

  /// Writes the trace of an encoder–decoder when the target is known: its length is not before.
  private func writeTarget(
    _ settings: Generation.Settings, _ text: String, _ pair: String?, _ model: Model,
    _ digest: String?, _ pass: Pass, _ format: ArchiveFormat
  ) throws -> Site? {
    let recording = pass.recording
    var pass = pass
    if tau != nil { pass.recording.values.insert(.logits) }
    var run = try model.run(text, pair: pair, digest: digest, pass: pass, target: settings) {
      model.announce(pass.recording, tokens: $0, target: settings.count, common)
    }
    if let tau { try run.recordNextToken(at: tau.values) }
    if !recording.values.contains(.logits) { run.trace.tensors[Site(.logits)] = nil }
    run.recording = recording
    try run.archive().write(to: output, as: format)
    return run.notFinite
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

  /// What writes it.
  var writer: any ArchiveWriter.Type {
    switch self {
    case .safetensors: SafeTensorsWriter.self
    case .npz: NPZWriter.self
    case .json: JSONArchiveWriter.self
    }
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
