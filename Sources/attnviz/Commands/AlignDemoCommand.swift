import ArgumentParser
struct AlignDemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "demo")
}
