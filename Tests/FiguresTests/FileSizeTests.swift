import Drawing
import Figures
import Testing

/// The most that files of large figures take: docs/performance.md states it.
@Suite struct FileSizeTests {
  /// Rows of softmaxed scores that grow where keys are near, with noise: as large as a model's.
  static func weights(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    func noise() -> Double {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state >> 8) / Double(1 << 24)
    }
    let reach = 0.02 + noise()
    return (0..<count).flatMap { row -> [Float] in
      let terms = (0..<count).map { key in
        Self.exponential(3 * noise() - reach * Double(abs(row - key)) + (key == 0 ? 3 : 0))
      }
      let sum = terms.reduce(0, +)
      return terms.map { Float($0 / sum) }
    }
  }

  /// eˣ, without a library: (1 + x/1024)¹⁰²⁴.
  private static func exponential(_ x: Double) -> Double {
    (0..<10).reduce(max(1 + x / 1024, 0)) { power, _ in power * power }
  }

  static func gallery(_ layers: Int, _ heads: Int, tokens count: Int) -> Gallery {
    let panels = (0..<layers * heads).lazy.map {
      Gallery.Panel(values: weights(count, seed: UInt32($0)), sinkShare: 0.3)
    }
    return Gallery(
      caption: Samples.caption, layers: Array(0..<layers), heads: Array(0..<heads), rows: count,
      columns: count, panels: panels, legend: LegendText(name: ["weight"]))
  }

  /// These rows are noisier than those of `make bench`, whose SVG has 0.50 MB.
  @Test(arguments: [(FileFormat.svg, 620_000), (.png, 700_000), (.pdf, 700_000)])
  func aGalleryOf144Heads(format: FileFormat, most: Int) throws {
    let scene = Self.gallery(12, 12, tokens: 64).scene(in: Style(measure: .typeset))
    let size = try scene.data(Export(format)).count
    #expect(size < most)
    #expect(size > most / 4)
  }

  @Test(arguments: [(FileFormat.svg, 700_000), (.png, 1_500_000)])
  func oneMapOfManyTokens(format: FileFormat, most: Int) throws {
    let count = 512
    let tokens = Samples.tokens(count)
    let figure = Samples.heatmap(tokens, values: Self.weights(count, seed: 1))
    let size = try figure.scene(in: Style(measure: .typeset)).data(Export(format)).count
    #expect(size < most)
    #expect(size > most / 16)
  }
}
