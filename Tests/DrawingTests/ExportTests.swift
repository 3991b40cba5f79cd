import Drawing
import Figures
import Foundation
import Synchronization
import Testing

@Suite struct ExportTests {
  init() throws { try PinnedFonts.use() }

  @Test(arguments: FileFormat.allCases)
  func whatWasDrawnBeforeDoesNotMatter(_ format: FileFormat) throws {
    let export = Export(format, provenance: #"{"text":"naïve 🙂"}"#)
    let first = try Samples.everything.data(export)
    let other = try Samples.other.data(export)
    #expect(first != other)
    #expect(try Samples.everything.data(export) == first)
    try PinnedFonts.use()
    #expect(try Samples.other.data(export) == other)
    #expect(try Samples.everything.data(export) == first)
  }

  @Test(arguments: FileFormat.allCases)
  func threadsTakeTurns(_ format: FileFormat) throws {
    let expected = [
      try Samples.everything.data(Export(format)), try Samples.other.data(Export(format)),
    ]
    let found = Mutex<[Bool]>([])
    DispatchQueue.concurrentPerform(iterations: 16) { index in
      let scene = index % 2 == 0 ? Samples.everything : Samples.other
      let isEqual = (try? scene.data(Export(format))) == expected[index % 2]
      found.withLock { $0.append(isEqual) }
    }
    #expect(found.withLock { $0 } == Array(repeating: true, count: 16))
  }

  @Test func backgroundIsLeftOutOnRequest() throws {
    let scene = Samples.page([Samples.square(50, Samples.black)])
    let clear = try PNGImage(scene.data(Export(.png, resolution: 72, isTransparent: true)))
    let filled = try PNGImage(scene.data(Export(.png, resolution: 72)))
    #expect(clear[75, 75] == SIMD4(0, 0, 0, 0))
    #expect(filled[75, 75] == Samples.white.pixel)
    #expect(clear[25, 25] == Samples.black.pixel)
    let paths = { (isTransparent: Bool) in
      try SVGDocument(scene.data(Export(.svg, isTransparent: isTransparent)))["path"].count
    }
    #expect(try (paths(false), paths(true)) == (2, 1))
  }
}
