// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "FiveLines",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "attnviz", path: "../..")],
  targets: [
    .executableTarget(
      name: "FiveLines",
      dependencies: [
        .product(name: "Transformers", package: "attnviz"),
        .product(name: "Explanations", package: "attnviz"),
        .product(name: "Figures", package: "attnviz"),
        .product(name: "Drawing", package: "attnviz"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
