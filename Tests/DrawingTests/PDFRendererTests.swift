import Drawing
import Figures
import Testing

@Suite struct PDFRendererTests {
  init() throws { try PinnedFonts.use() }

  /// The file's plain parts, byte by byte.
  private func draw(_ scene: Scene) throws -> String {
    String(String.UnicodeScalarView(try scene.data(Export(.pdf)).map { UnicodeScalar($0) }))
  }

  @Test func thePageHasTheScenesSize() throws {
    let file = try draw(Samples.everything)
    #expect(file.hasPrefix("%PDF-1.4"))
    #expect(file.contains("/MediaBox [ 0 0 120 90 ]"))
    #expect(file.contains("/Count 1"))
  }

  @Test func theInformationIsTheScenes() throws {
    let file = try draw(Samples.everything)
    #expect(file.contains("/Title (Everything)"))
    #expect(file.contains("/Subject (Every kind of mark.)"))
    #expect(file.contains("/CreationDate (20000101000000Z)"))
    #expect(!file.contains("/Keywords"))
  }

  @Test func fontsAreEmbedded() throws {
    let file = try draw(Samples.everything)
    #expect(file.contains("+Attnviz"))
    #expect(file.contains("/FontFile2"))
    #expect(file.contains("/ToUnicode"))
    #expect(!file.contains("/Type3"))
  }

  @Test func emojiAreEmbeddedOnceInTheirResolution() throws {
    let file = try draw(Samples.page([Samples.text("🙂 🙂"), Samples.text("🙂", size: 9)]))
    #expect(file.matches(of: /\/Subtype \/Image/).count == 2, "the colours and their opacity")
    #expect(file.matches(of: /\/Width 136\s/).count == 2)
  }

  @Test func imagesAreNotSmoothed() throws {
    let image = Image(
      columns: 2, rows: 1, palette: [Samples.black, Samples.white], cells: [0, 1],
      frame: Rectangle(x: 0, y: 0, width: 50, height: 20))
    let file = try draw(Samples.page([.image(image)]))
    #expect(file.matches(of: /\/Subtype \/Image/).count == 1)
    #expect(!file.contains("/Interpolate true"))
  }
}
