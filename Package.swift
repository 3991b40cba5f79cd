// swift-tools-version: 6.2
import PackageDescription

/// The language settings of every Swift target: see docs/architecture.md, "Conventions".
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: [],
    swiftSettings: settings)
}

let package = Package(
  name: "attnviz",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "attnviz", targets: ["attnviz"]),
    .library(name: "Files", targets: ["Files"]),
    .library(name: "Tensors", targets: ["Tensors"]),
    .library(name: "TensorFiles", targets: ["TensorFiles"]),
    .library(name: "Tokenization", targets: ["Tokenization"]),
    .library(name: "Transformers", targets: ["Transformers"]),
    .library(name: "Analysis", targets: ["Analysis"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "Figures", targets: ["Figures"]),
    .library(name: "Drawing", targets: ["Drawing"]),
    .library(name: "TextDrawing", targets: ["TextDrawing"]),
    .library(name: "Explanations", targets: ["Explanations"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // System libraries: a module map and a shim each.
    .systemLibrary(
      name: "CBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "pangocairo",
      providers: [.apt(["libpango1.0-dev"]), .brew(["pango"])]),
    .systemLibrary(
      name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CUnicode", pkgConfig: "libutf8proc",
      providers: [.apt(["libutf8proc-dev"]), .brew(["utf8proc"])]),
    .systemLibrary(
      name: "CGLib", pkgConfig: "glib-2.0",
      providers: [.apt(["libglib2.0-dev"]), .brew(["glib"])]),
    .target(name: "CPNG", dependencies: ["CLibPNG"]),
    .target(name: "CKernels"),
    // The models inside the program, by #embed.
    .target(name: "CModels", exclude: ["tiny-gpt", "tiny-bert", "tiny-speller"]),

    // From bytes to tensors, tokens and transformers.
    library("Files", []),
    library("Tensors", ["CBLAS", "CKernels"]),
    library("TensorFiles", ["Files", "Tensors", "CZlib"]),
    library("Tokenization", ["Files", "CUnicode"]),
    library(
      "Transformers", ["Files", "Tensors", "TensorFiles", "Tokenization", "CGLib", "CModels"]),
    library("Analysis", ["Tensors", "Transformers"]),
    library(
      "Training",
      ["Files", "Tensors", "TensorFiles", "Tokenization", "Transformers", "Analysis"]),

    // From numbers to pictures.
    library("Figures", []),
    library("Drawing", ["Figures", "CCairo", "CPNG", "CZlib"]),
    library("TextDrawing", ["Figures", "CUnicode"]),
    library(
      "Explanations",
      [
        "Files", "Tensors", "TensorFiles", "Transformers", "Tokenization", "Analysis", "Training",
        "Figures",
      ]),

    library(
      "Stepping",
      [
        "Files", "Tensors", "Tokenization", "Transformers", "Analysis", "Figures", "TextDrawing",
        "Explanations",
      ]),

    .executableTarget(
      name: "attnviz",
      dependencies: [
        "Files", "Tensors", "TensorFiles", "Tokenization", "Transformers", "Analysis", "Training",
        "Figures", "Drawing", "TextDrawing", "Explanations", "Stepping",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .executableTarget(
      name: "drawing-benchmark",
      dependencies: ["Drawing", "Explanations", "Figures", "TensorFiles", "Transformers"],
      path: "bench/drawing", swiftSettings: settings),
    .executableTarget(
      name: "forward-benchmark", dependencies: ["Transformers"], path: "bench/forward",
      swiftSettings: settings),

    .executableTarget(
      name: "training-benchmark", dependencies: ["Training", "Files"], path: "bench/training",
      swiftSettings: settings),

    .executableTarget(
      name: "model-report",
      dependencies: ["Training", "Analysis", "Transformers", "Tokenization", "Tensors", "Files"],
      path: "bench/models", swiftSettings: settings),

    // Tests: one target per library.
    .target(
      name: "TestSupport", dependencies: ["Files"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests("FilesTests", ["Files"]),
    tests("TensorsTests", ["Tensors", "Files"]),
    tests("TensorFilesTests", ["TensorFiles", "Tensors", "Files"]),
    tests("TokenizationTests", ["Tokenization", "Files"]),
    tests(
      "TransformersTests", ["Transformers", "Tokenization", "TensorFiles", "Tensors", "Files"]),
    tests(
      "AnalysisTests",
      ["Analysis", "Transformers", "Tokenization", "TensorFiles", "Tensors", "Files"]),
    tests(
      "TrainingTests",
      ["Training", "Transformers", "Tokenization", "TensorFiles", "Tensors", "Files"]),
    tests("FiguresTests", ["Figures", "Drawing", "TextDrawing"]),
    tests("DrawingTests", ["Drawing", "Figures", "CLibPNG", "CZlib"]),
    tests(
      "ExplanationsTests",
      [
        "Explanations", "Figures", "Training", "Analysis", "Transformers", "Tokenization",
        "TensorFiles", "Tensors", "Files",
      ]),
    tests(
      "SteppingTests",
      ["Stepping", "Explanations", "Figures", "TextDrawing", "Transformers", "Tensors", "Files"]),
    tests(
      "CommandLineTests",
      [
        "Drawing", "Files", "TensorFiles", "Transformers", "CLibPNG", .target(name: "attnviz"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
