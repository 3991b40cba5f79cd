import ArgumentParser

/// The command line.
@main
struct AttnViz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attnviz", abstract: "Shows what a transformer does with your sentence.",
    version: "0.1.0")
}
