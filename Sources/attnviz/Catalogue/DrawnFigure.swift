import Explanations
import Figures
import Files
import Tokenization
import Training
import Transformers

/// A figure of the catalogue as the command line offers it.
struct DrawnFigure: Sendable {
  /// A figure, and what its provenance must say to draw it again.
  typealias Drawn = (figure: any Figure, details: [JSON.Member])

  /// What a figure is drawn from.
  enum Source: Sendable {
    /// A run that recorded something, and its model's parameters.
    case run(
      recording: @Sendable (DrawCommand) -> Recording,
      draw: @Sendable (DrawCommand, Run, Model) throws -> Drawn)
    /// What a run recorded, now or in a file; there is a model where it ran or was named.
    case trace(
      recording: @Sendable (DrawCommand) -> Recording,
      draw: @Sendable (DrawCommand, Run, Model?) throws -> Drawn)
    /// A generation.
    case generation(@Sendable (DrawCommand, ToldGeneration) throws -> Drawn)
    /// A model without a text.
    case model(@Sendable (DrawCommand, Model, _ digest: String?) throws -> Drawn)
    /// The logs of runs of `attnviz align`.
    case log(@Sendable (DrawCommand, AlignmentRuns) throws -> Drawn)
    /// A formula: neither text nor model.
    case formula(@Sendable (DrawCommand) throws -> Drawn)
  }

  /// The name in the catalogue.
  var name: String
  /// One line for the list.
  var summary: String
  /// The options of `attnviz draw` that mean something to it, besides those that every figure has.
  var options: Set<String> = []
  /// Which palettes it can use: the diverging ones, the sequential ones, or none.
  var palettes: @Sendable (DrawCommand) -> PaletteKind = { _ in .none }
  /// The part of an encoder–decoder's run that it shows where nothing is asked for, `sole` for all of
  /// it; `nil` where it is not drawn of one.
  var stack: Site.Stack?
  /// Which parts it can show besides.
  var parts: Set<Site.Stack> = Set(Site.Stack.allCases)
  /// What it is drawn from.
  var source: Source
  /// Whether `--no-special` runs the model without special tokens, instead of taking them out of what
  /// was recorded.
  var runsWithoutSpecial = false
  /// Refuses a text by its tokens before the model runs, where it does not take every text.
  var refuses: (@Sendable (Encoding) throws -> Void)?
  /// Draws it from a text and a file of word vectors, where it can do without a model.
  var words: (@Sendable (DrawCommand, String, String) throws -> Drawn)?

  enum PaletteKind {
    case sequential, diverging, none
  }

  /// Every figure that can be drawn, in the order of the list.
  static let all: [DrawnFigure] = [
    .heatmap, .gallery, .arcs, .asymmetry, .product, .masks, .scaling, .positions, .distance,
    .residual, .worked, .flow, .architecture, .translation, .tempering, .entropy, .gibbs, .density,
    .maxwellBoltzmann, .ribbon,
    .annealing, .surprise, .neighbours, .evidence, .learning, .preference, .rlhf, .ppo,
  ]

  /// The figure of a name.
  static func named(_ name: String) throws -> DrawnFigure {
    if let figure = all.first(where: { $0.name == name }) { return figure }
    let names = all.map(\.name)
    let hint = names.hint(for: name, otherwise: "known: " + names.joined(separator: ", "))
    throw UsageError("there is no figure \"\(name)\"; \(hint)")
  }

  /// Whether it is drawn from a text.
  var needsText: Bool {
    switch source {
    case .formula, .model, .log: false
    case .run, .trace, .generation: true
    }
  }

  /// Refuses options that mean nothing to this figure, and a palette that it cannot use.
  func check(_ command: DrawCommand) throws {
    if let option = command.givenOptions.first(where: { !options.contains($0) }) {
      throw UsageError("\(name) does not take \(option)")
    }
    if !needsText, !command.attention.places.isEmpty {
      throw UsageError("\(name) is drawn without a run and does not take --attention-tau")
    }
    if case .model = source, command.text.isGiven {
      throw UsageError("\(name) is drawn of the model alone; leave the text out")
    }
    guard let palette = command.options.look.palette else { return }
    let kind = palettes(command)
    guard kind != (palette.isDiverging ? .diverging : .sequential) else { return }
    let known = Palette.allCases.filter { $0.isDiverging == (kind == .diverging) }
    throw UsageError(
      kind == .none
        ? "\(name) has colours of its own; leave --palette out"
        : "\(palette.rawValue) is for \(palette.isDiverging ? "signed values" : "weights"); for this "
          + "figure use " + known.map(\.rawValue).joined(separator: ", "))
  }
}
