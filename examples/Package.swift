// swift-tools-version: 6.2
import PackageDescription

/// Programs that use the libraries. From the repository's top folder:
/// `swift run --package-path examples NAME`; each says what it takes.
func example(_ name: String, _ libraries: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: libraries.map { .product(name: $0, package: "attnviz") })
}

let package = Package(
  name: "examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "attnviz", path: "..")],
  targets: [
    example("Explain", ["Transformers", "Explanations", "Figures", "Drawing", "Files"]),
    example("CustomFigure", ["Transformers", "Figures", "Drawing", "Files", "Tensors"]),
    example("SwitchHeadOff", ["Transformers", "Analysis", "Tensors"]),
    example(
      "FromRecording",
      ["Transformers", "Explanations", "Figures", "Drawing", "TensorFiles", "Files"]),
    example("TrainTiny", ["Transformers", "Tokenization", "Training", "Files"]),
  ],
  swiftLanguageModes: [.v6]
)
