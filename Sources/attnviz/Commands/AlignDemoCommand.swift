import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import Training

/// `attnviz align demo`: the three steps, run and told.
struct AlignDemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run all three steps with one rule and several λ, and explain them in a folder.",
    discussion: """
      EXAMPLES
        attnviz align demo -o aligned
        attnviz align demo --rule shorter --seed 3 --kl 0,0.1,1 -o aligned

      Writes index.html, index.md, figures, explanation.json, pairs.jsonl, the reward model and one \
      policy for every λ with its log. Takes some minutes with tiny-gpt on two processors.
      """)

  @Option(help: "shorter, animals or ends.")
  var rule = RuleArgument(.animals)

  @Option(help: ArgumentHelp("The probability of a label that is turned round.", valueName: "p"))
  var noise = 0.05

  @Option(help: ArgumentHelp("How many pairs.", valueName: "N"))
  var pairs = 800

  @Option(help: ArgumentHelp("The λ, one run each.", valueName: "λ,λ,…"))
  var kl = NumberList([0, 0.03, 0.1, 1])

  @Option(help: ArgumentHelp("Iterations of each run.", valueName: "N"))
  var iterations = 48

  @Option(help: ArgumentHelp("Texts of an iteration.", valueName: "N"))
  var batch = 64

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var output = "aligned"

  @OptionGroup var texts: ContinuationOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...0.5).contains(noise) else {
      throw ValidationError("--noise takes a probability from 0 to 0.5.")
    }
    guard (8...1_000_000).contains(pairs) else {
      throw ValidationError("--pairs takes a number from 8.")
    }
    guard (1...100_000).contains(iterations), (2...100_000).contains(batch) else {
      throw ValidationError("--iterations takes a number from 1, --batch one from 2.")
    }
    guard output != "-" else {
      throw ValidationError("demo writes a folder; name it with -o FOLDER.")
    }
  }

  func run() throws {
    let folder = try OwnFolder.alignment.target(output)
    let start = try model.loadStart()
    let prompts = try texts.prompts(start)
    let compared = try compare(start, prompts)
    try writeFile(folder.path + "/pairs.jsonl", PreferencePair.lines(compared))
    var settings = RewardSettings()
    settings.seed = texts.seed
    let (reward, losses) = try RewardModel.trained(start, compared, settings, common)
    try reward.write(to: folder.path + "/reward")
    let right = (reward.evaluation.accuracy * 100).rounded()
    common.say(
      "reward model: \(Int(right)) % of \(reward.evaluation.pairs) new pairs in the right order")
    let material = PolicyMaterial(start, reward: reward, rule: rule.rule, prompts: prompts)
    for lambda in kl.numbers { try optimise(material, lambda, in: folder.path) }
    var story = AlignmentStory(
      try AlignmentRuns(folder.path), pairs: compared, noise: noise, losses: losses)
    try draw(&story)
    try write(story, into: folder.path)
    try folder.commitReplacing()
    common.say("wrote \(output): open \(output)/index.html")
  }

  private func compare(
    _ start: StartingModel, _ prompts: [AlignmentPrompt]
  ) throws -> [PreferencePair] {
    var maker = PreferenceMaker(start, rule.rule)
    (maker.noise, maker.length, maker.seed) = (noise, texts.length, texts.seed)
    let made = try maker.made(pairs, after: prompts, common)
    common.say("\(made.count) pairs: \(rule.rule.meaning)")
    return made
  }

  private func optimise(
    _ material: PolicyMaterial, _ lambda: Double, in folder: String
  ) throws {
    var settings = AlignmentSettings()
    (settings.kl, settings.iterations, settings.batch) = (lambda, iterations, batch)
    (settings.length, settings.seed) = (texts.length, texts.seed)
    var trainer = try PolicyTrainer(material, settings)
    let name = "kl-" + (Int(exactly: lambda).map { "\($0)" } ?? "\(lambda)")
    _ = try trainer.run(common, as: "λ = " + NumberFormat.tick(lambda)) { trainer in
      guard trainer.isFinished else { return }
      try trainer.writeResult(to: folder + "/" + name)
    }
  }

  // MARK: pictures and words

  private func draw(_ story: inout AlignmentStory) throws {
    let runs = story.runs
    func add(_ section: Int, _ figure: any Figure, _ caption: String, _ options: [JSON.Member]) {
      story.figures.append(
        (
          section,
          Explanation.Drawn(
            name: type(of: figure).name, figure: figure, caption: caption,
            options: options + [JSON.Member("log_sha256", .string(runs.digest))])
        ))
    }
    add(0, try Preference(of: runs), "What the reward model learned.", [])
    guard let run = try? runs.run(nil) else { return }
    let named = [JSON.Member("run", .string(run.name))]
    add(1, try FeedbackLoop(of: run, in: runs), "The loop with the numbers of \(run.name).", named)
    add(
      1, try PolicyUpdate(of: run, in: runs, isChosen: false),
      "What the clipped update did in \(run.name), and how all runs ended.", named)
  }

  private func write(_ story: AlignmentStory, into folder: String) throws {
    let explanation = Explanation(story)
    try createFolder(folder + "/figures")
    let files = FigureFiles(look: look, formats: FileFormat.allCases, common: common)
    var pages: [String: String] = [:]
    for drawn in explanation.figures {
      let provenance = Provenance(options: drawn.options + look.json)
      try files.write(drawn.figure, as: drawn.name, provenance, into: folder + "/figures")
      pages[drawn.name] = try files.inline(drawn.figure, provenance)
    }
    try writeFile(folder + "/index.html", explanation.html { pages[$0.name] ?? "" })
    try writeFile(folder + "/index.md", explanation.markdown(figuresIn: "figures"))
    try writeFile(
      folder + "/\(OwnFolder.alignment.marker)", explanation.json.text(indented: true) + "\n")
  }
}

/// Numbers with commas between them.
struct NumberList: ExpressibleByArgument {
  var numbers: [Double]

  init(_ numbers: [Double]) { self.numbers = numbers }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    numbers = parts.compactMap { Double($0) }.filter { $0 >= 0 && $0.isFinite }
    guard numbers.count == parts.count, Set(numbers).count == numbers.count else { return nil }
  }

  var defaultValueDescription: String {
    numbers.map { NumberFormat.tick($0) }.joined(separator: ",")
  }
}
