import ArgumentParser
import Files
import Tensors

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The command line.
struct AttnViz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attnviz",
    abstract: "Shows what a transformer does with your sentence.",
    usage: "attnviz <command> [options]",
    discussion: """
      EXAMPLES
        attnviz explain "The animal didn't cross the street because it was too tired"
        attnviz draw heatmap --layer 3 --head 1 -o map.svg "The cat sat on the mat."
        attnviz draw gallery -o heads.pdf "The cat sat on the mat."
        attnviz step "The cat sat on the mat."
        attnviz trace -o trace.safetensors "The cat sat on the mat."
        attnviz models add minilm

      Layers and heads are counted from 0: L3H1 is layer 3, head 1.
      """,
    version: Version.string,
    subcommands: [
      ExplainCommand.self, DrawCommand.self, StepCommand.self, TraceCommand.self,
      TokenizeCommand.self, TemperatureCommand.self, GenerateCommand.self, TrainCommand.self,
      AlignCommand.self, FiguresCommand.self, VerifyCommand.self, ModelsCommand.self,
      DoctorCommand.self,
    ])
}

/// The program's version.
enum Version {
  static let string = "0.1.0"
}

@main
enum Main {
  static func main() {
    BLAS.endLibraryThreads()
    Signals.install()
    do {
      try Arguments.check()
      var command = try AttnViz.parseAsRoot()
      try command.run()
    } catch {
      exit(Failure.report(error))
    }
  }
}
