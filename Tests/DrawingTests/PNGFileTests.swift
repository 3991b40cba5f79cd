import Drawing
import Figures
import Testing

@Suite struct PNGFileTests {
  init() throws { try PinnedFonts.use() }

  private func file(resolution: Double = 192) throws -> PNGImage {
    let export = Export(.png, resolution: resolution, provenance: #"{"text":"東京 🙂"}"#)
    return try PNGImage(Samples.everything.data(export))
  }

  @Test func everyChunkIsIntact() throws {
    let file = try file()
    #expect(file.chunks.first?.name == "IHDR")
    #expect(file.chunks.last?.name == "IEND")
    #expect(file.chunks.filter { !$0.isIntact }.map(\.name) == [])
  }

  @Test(arguments: [(72.0, 2835), (192, 7559), (300, 11811)])
  func resolutionIsInPixelsPerMetre(_ resolution: Double, _ expected: Int) throws {
    let data = try file(resolution: resolution).data("pHYs")
    let number = { (bytes: ArraySlice<UInt8>) in bytes.reduce(0) { $0 << 8 | Int($1) } }
    #expect(data.count == 1)
    #expect(data.map { number($0[0..<4]) } == [expected])
    #expect(data.map { number($0[4..<8]) } == [expected])
    #expect(data.map { $0[8] } == [1])
  }

  @Test func textsAreUnicode() throws {
    let texts = try file().data("iTXt").map { String(decoding: $0, as: UTF8.self) }
    #expect(
      texts == [
        "Title\0\0\0\0\0Everything", "Description\0\0\0\0\0Every kind of mark.",
        "attnviz\0\0\0\0\0" + #"{"text":"東京 🙂"}"#,
      ])
  }
}
