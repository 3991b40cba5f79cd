import ArgumentParser
import Files
import Training

/// `attnviz align collect`: the logs of several runs as one file.
struct AlignCollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Write the logs of all runs in a folder as one file that figures are drawn from.",
    discussion: """
      EXAMPLES
        attnviz align collect aligned -o runs.json
        attnviz draw ppo --log runs.json -o ppo.svg

      The folder holds reward.json or alignment.json, or has folders in it that do. Times are left \
      out, so the file of equal runs is the same everywhere.
      """)

  @Argument(help: "The folder, or a log.")
  var path: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var common: CommonOptions

  func run() throws {
    let runs = try AlignmentRuns(path)
    try Output.write(Array((runs.json.text() + "\n").utf8), to: output)
    if output != "-" { common.say("wrote \(output): \(runs.runs.count) runs") }
  }
}
