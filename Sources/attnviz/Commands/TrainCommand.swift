public import ArgumentParser
import Files
import Tokenization
import Training
import Transformers

/// `attnviz train`: trains a small model and writes it as a folder that every command reads.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a small model on a text, or on pairs of texts.",
    discussion: """
      EXAMPLES
        attnviz train --text tales.txt --config gpt2.json -o tales --steps 2000
        attnviz train --text tales.txt --lines --tokenizer tales --config bert.json -o hidden
        attnviz train --pairs dates.tsv --config vaswani.json -o dates --batch 64
        attnviz train --text tales.txt -o tales --resume
        attnviz draw heatmap --model ./tales "Once upon a time"

      The configuration is a config.json of a family (gpt2, llama, bert, t5, bart, vaswani, …): the \
      shape is all it has to say, the vocabulary is learned from the text. A decoder learns every \
      next token, an encoder hidden ones, an encoder–decoder the target of every pair. A run that \
      was interrupted goes on with --resume, to the same numbers, bit for bit.
      """)

  @Option(
    help: ArgumentHelp("The text to learn from.", valueName: "file"),
    completion: .file(extensions: ["txt"]))
  var text: String?

  @Flag(help: "Every line of the text is a text of its own.")
  var lines = false

  @Option(
    help: ArgumentHelp(
      "The pairs to learn from: a source, a tab and a target a line.", valueName: "file"),
    completion: .file(extensions: ["tsv", "txt"]))
  var pairs: String?

  @Option(
    help: ArgumentHelp("The config.json of the new model.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "A trained model whose vocabulary the new one shares.", valueName: "folder"),
    completion: .directory)
  var tokenizer: String?

  @Flag(help: "Learn a vocabulary of characters, as where words are spelt.")
  var characters = false

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model's folder.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Flag(help: "Go on with the run of the folder.")
  var resume = false

  @OptionGroup var options: TrainingOptions
  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "At every checkpoint show a sample whose τ changes from its first token to its last: cosine:1.5..0.2.",
      valueName: "shape:from..to"), transform: AnnealingArgument.init)
  var anneal: AnnealingArgument?

  @Option(help: ArgumentHelp("What samples continue, or translate.", valueName: "text"))
  var prompt: String?

  @Option(
    help: ArgumentHelp(
      "Keep where all heads look in this text, at the beginning and after a 64th, a 16th, a quarter and all of the steps: for attnviz draw learning.",
      valueName: "text"))
  var watch: String?

  @Flag(help: "Write the losses as JSON on standard output at the end.")
  var json = false

  func validate() throws {
    guard (text == nil) != (pairs == nil) else {
      throw ValidationError("Give --text FILE or --pairs FILE.")
    }
    guard text != nil || !lines else {
      throw ValidationError("--lines goes with --text.")
    }
    guard tokenizer == nil || !(characters || resume) else {
      throw ValidationError("--tokenizer gives a new model its vocabulary; leave the other out.")
    }
    guard resume || config != nil else {
      throw ValidationError("Give --config FILE: the shape of the new model.")
    }
    guard !resume || config == nil else {
      throw ValidationError("--resume goes on with the folder's model; leave --config out.")
    }
    guard !resume || watch == nil else {
      throw ValidationError("--resume goes on with the text that is watched; leave --watch out.")
    }
    guard pairs == nil || watch == nil else {
      throw ValidationError("--watch goes with --text: it shows where a text looks at itself.")
    }
  }

  func run() throws {
    let isThere = Trainer.canResume(output)
    guard resume == isThere else {
      throw UsageError(
        isThere
          ? "\(output) holds a run already; go on with --resume, or name another folder"
          : "\(output) holds no run to go on with; leave --resume out")
    }
    var trainer = try resume ? resumed() : begun()
    common.say(
      "\(trainer.parameterCount) parameters, \(trainer.settings.steps - trainer.step) steps to go")
    Signals.awaitRequest()
    var progress = TrainingProgress(trainer, quiet: common.quiet)
    while trainer.step < trainer.settings.steps {
      try trainer.learn()
      progress.show(trainer)
      let isLast = trainer.step == trainer.settings.steps
      if isLast || trainer.step % trainer.settings.checkpointEvery == 0 {
        try trainer.look()
        try trainer.save(to: output)
        progress.look(trainer)
        try sample(trainer)
      } else if Signals.isEndRequested {
        try trainer.save(to: output)
      }
      guard isLast || !Signals.isEndRequested else {
        progress.end()
        let source =
          text.map { "--text \($0)" + (lines ? " --lines" : "") } ?? pairs.map { "--pairs \($0)" }
          ?? ""
        common.say(
          "stopped after step \(trainer.step); go on with: attnviz train \(source) -o \(output) --resume"
        )
        // As a shell reports a program that was interrupted.
        throw ExitCode(130)
      }
    }
    progress.end()
    common.say("wrote \(output)")
    if json { try Output.data(trainer.log.json(trainer.settings)) }
  }

  // MARK: the beginning

  private func begun() throws -> Trainer {
    let settings = options.settings()
    let path = config ?? ""
    let given = try JSON(parsing: try readFile(path, limit: 10_000_000), path: path)
    let kind = try Blueprint(SpecialTokens.shapeOnly(given), path: path).shape.kind
    try check(kind, path)
    let source = try TextInput.text(from: text ?? pairs ?? "")
    let (special, file) = try tokenizer.map { try shared($0, kind) } ?? learned(source, kind)
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    let config = special.completing(given, vocabulary: tokenizer.vocabularySize)
    let batches = try batches(source, config, tokenizer, settings)
    var trainer = try Trainer(
      config, tokenizer: file, endToken: special.end.flatMap(tokenizer.id), batches, settings)
    try trainer.begin(
      watching: try watch.map { WatchedText($0, ids: try tokenizer.encode($0).ids) })
    return trainer
  }

  /// A vocabulary learned from what the model will learn from.
  private func learned(
    _ source: String, _ kind: Configuration.Kind
  ) throws -> (SpecialTokens, JSON) {
    let special = SpecialTokens(kind)
    let texts =
      text != nil
      ? [source]
      : try Corpus.pairs(in: source, path: pairs ?? "").flatMap { [$0.source, $0.target] }
    let learned = try BytePairTraining(
      specialTokens: special.tokens, vocabulary: options.vocabulary, isSpelling: characters
    ).learn(from: texts)
    common.say("learned \(learned.tokens.count) tokens")
    let file = learned.tokenizerFile(
      specialTokens: special.tokens.count, before: special.before, after: special.after)
    return (special, file)
  }

  /// The vocabulary of another model.
  private func shared(
    _ folder: String, _ kind: Configuration.Kind
  ) throws -> (SpecialTokens, JSON) {
    let path = folder + "/tokenizer.json"
    let file = try JSON(parsing: try readFile(path, limit: 100_000_000), path: path)
    let tokenizer = try Tokenizer(json: file, path: path)
    let special = SpecialTokens(kind, sharing: tokenizer)
    return (
      special,
      BytePairTraining.Result.tokenizerFile(
        file, before: special.before, after: special.after, ids: tokenizer.id)
    )
  }

  private func resumed() throws -> Trainer {
    var settings = try Trainer.settings(of: output)
    if let steps = options.steps { settings.steps = steps }
    let path = output + "/config.json"
    let config = try JSON(parsing: try readFile(path, limit: 10_000_000), path: path)
    let tokenizer = try Tokenizer.load(folder: output)
    let source = try TextInput.text(from: text ?? pairs ?? "")
    let batches = try batches(source, config, tokenizer, settings)
    return try Trainer(
      resuming: output, endToken: config["eos_token_id"]?.integer, batches, settings)
  }

  private func check(_ kind: Configuration.Kind, _ path: String) throws {
    guard (kind == .seq2seq) == (pairs != nil) else {
      throw UsageError(
        kind == .seq2seq
          ? "\(path) is of an encoder–decoder, which learns from pairs; give --pairs"
          : "\(path) is of a model that learns from a text; give --text")
    }
  }

  private func batches(
    _ source: String, _ config: JSON, _ tokenizer: Tokenizer, _ settings: TrainingSettings
  ) throws -> Batches {
    let shape = try Blueprint(config, path: config["model_type"]?.string ?? "config.json").shape
    guard let objective = SpecialTokens.objective(shape, tokenizer) else {
      throw UsageError("the tokenizer lacks a token that the model learns with")
    }
    guard settings.context >= 4, settings.context <= shape.maximumTokens else {
      throw UsageError(
        "--context takes a number from 4 to \(shape.maximumTokens), the most the model takes")
    }
    let corpus = try corpus(source, shape.kind, tokenizer, settings)
    let batches = Batches(
      corpus, objective, context: settings.context, vocabulary: shape.vocabulary,
      seed: UInt64(bitPattern: Int64(settings.seed)))
    if let problem = batches.problem { throw UsageError(problem) }
    return batches
  }

  private func corpus(
    _ source: String, _ kind: Configuration.Kind, _ tokenizer: Tokenizer,
    _ settings: TrainingSettings
  ) throws -> Corpus {
    if let pairs {
      return try Corpus(
        pairs: source, path: pairs, tokenizer: tokenizer, most: settings.context,
        validation: settings.validation)
    }
    guard lines else {
      return try Corpus(text: source, tokenizer: tokenizer, validation: settings.validation)
    }
    guard let ends = SpecialTokens(kind, sharing: tokenizer).lineEnds(tokenizer) else {
      throw UsageError("the tokenizer lacks the token that ends a line")
    }
    return try Corpus(
      lines: source, tokenizer: tokenizer, ends: ends, validation: settings.validation)
  }

  // MARK: samples

  /// Shows what the model writes now, τ changing along the schedule.
  private func sample(_ trainer: Trainer) throws {
    guard let anneal, !common.quiet else { return }
    let model = try Model(folder: output, name: output)
    guard model.configuration.kind != .encoder else { return }
    var ids = try prompt.map { try model.tokenizer.encode($0).ids } ?? []
    if ids.isEmpty { ids = [model.endTokens.min() ?? 0] }
    let room = model.configuration.maximumTokens - ids.count
    guard room > 0 else { return }
    var pass = Pass(recording: .nothing, logits: .last)
    let result = try model.generate(
      after: ids,
      Generation.Settings(
        schedule: anneal.schedule, seed: UInt64(trainer.step), count: min(40, room),
        ignoresEnd: model.configuration.kind == .decoder), &pass)
    common.say("  sample: " + model.targetTokenizer.decode(result.ids))
  }
}
