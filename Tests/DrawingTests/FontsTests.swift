import Drawing
import Figures
import TestSupport
import Testing

@Suite struct FontsTests {
  init() throws { try PinnedFonts.use() }

  @Test func missingCharactersAreReportedOnce() {
    let scene = Samples.page([
      Samples.text("naïve 🙂"), Samples.text("東x京"),
      .label(Label("a", [.group(Group([Samples.text("東x京"), Samples.text("🚀")]))])),
      Samples.text("हिन्दी"),
    ])
    let missing = Fonts.missing(in: scene)
    #expect(missing.map(\.text) == ["東x京", "🚀", "हिन्दी"])
    #expect(missing.map(\.characters).prefix(2) == ["東京", "🚀"])
    #expect(
      missing.map(\.package) == ["fonts-noto-cjk", "fonts-noto-color-emoji", "fonts-noto-core"])
  }

  @Test func familyIsTheOneThatDraws() {
    #expect(Fonts.family(of: Font(size: 9)) == "Attnviz Boxes")
  }

  @Test func foldersWithoutFontsAreErrors() throws {
    try withTemporaryFolder { folder in
      #expect(kind { try Fonts.use(folder: folder) } == .noFonts)
      #expect(kind { try Fonts.use(folder: folder + "/absent") } == .noFonts)
    }
    #expect(Fonts.family(of: Font(size: 9)) == "Attnviz Boxes")
  }
}
