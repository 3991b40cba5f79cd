import Foundation
import TestSupport
import Testing

/// A mistyped name is answered with the one that was meant, wherever it stands.
@Suite struct MisspellingTests {
  static let calls: [(words: [String], code: Int32, hint: String)] = [
    (["hepl"], 64, "did you mean help?"),
    (["help", "drwa"], 64, "did you mean draw?"),
    (["models", "lst"], 64, "did you mean list?"),
    (["help", "models", "infoo"], 64, "did you mean info?"),
    (["draw", "heatmpa", "-o", "x.svg", "a"], 64, "did you mean heatmap?"),
    (["tokenize", "--model", "tiny-gtp", "a"], 66, "did you mean tiny-gpt?"),
    (["models", "info", "tiny-brt"], 66, "did you mean tiny-bert?"),
    (["models", "add", "minilmm"], 64, "did you mean minilm?"),
    (["tokenize", "--model", "minlim", "a"], 66, "attnviz models add minilm"),
    (
      ["draw", "heatmap", "--palette", "viridsi", "-o", "x.svg", "a"], 64, "Did you mean 'viridis'?"
    ),
    (["draw", "heatmap", "--theme", "drak", "-o", "x.svg", "a"], 64, "Did you mean 'dark'?"),
    (["draw", "heatmap", "--of", "weigths", "-o", "x.svg", "a"], 64, "Did you mean 'weights'?"),
    (["draw", "heatmap", "--layr", "3", "-o", "x.svg", "a"], 64, "Did you mean '--layer'?"),
    (["--verison"], 64, "Did you mean '--version'?"),
    (["tokenize", "--hlep", "a"], 64, "Did you mean '--help'?"),
    (["models", "list", "--jsno"], 64, "Did you mean '--json'?"),
  ]

  @Test(arguments: calls.indices)
  func theWordThatWasMeantIsNamed(index: Int) throws {
    let (words, code, hint) = Self.calls[index]
    try withTemporaryFolder { folder in
      let result = try Program.run(words, environment: ["XDG_DATA_HOME": folder])
      #expect(result.code == code)
      #expect(result.out.isEmpty)
      #expect(result.error.contains(hint), "\(words): \(result.error)")
    }
  }

  @Test func whatIsNearNothingGetsTheList() throws {
    #expect(try Program.run(["banana"]).error.contains("see attnviz --help"))
    let figure = try Program.run(["draw", "banana", "-o", "x.svg", "a"])
    #expect(figure.error.contains("known: heatmap, gallery"))
    let palette = try Program.run(
      ["draw", "heatmap", "--palette", "banana", "-o", "x.svg", "a"])
    #expect(!palette.error.contains("Did you mean") && palette.error.contains("- viridis"))
  }
}
