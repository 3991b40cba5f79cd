import Drawing
import Figures
import Foundation
import Testing

@Suite struct SVGWriterTests {
  init() throws { try PinnedFonts.use() }

  private func draw(_ scene: Scene, provenance: String? = nil) throws -> SVGDocument {
    try SVGDocument(scene.data(Export(.svg, provenance: provenance)))
  }

  static let words = [
    "a & b", "<b>x</b>", "\"quoted\" and 'single'", "]]>", "&amp;", "naïve", "שלום", "مرحبا",
    "हिन्दी", "🙂", "👩‍👩‍👧", "東京",
  ]

  @Test(arguments: words) func anyTextIsWellFormedAndSelectable(_ word: String) throws {
    let scene = Scene(
      size: Size(100, 100), background: nil,
      marks: [.label(Label(word, summary: word, [Samples.text(word)]))], title: word,
      summary: word)
    let document = try draw(scene, provenance: word)
    #expect(document["text"].map(\.text) == [word])
    for name in ["title", "desc", "metadata"] { #expect(document[name].map(\.text) == [word]) }
    #expect(document["g"].contains { $0.attributes["aria-label"] == word })
  }

  @Test func charactersThatXMLForbidsAreLeftOut() throws {
    let controls = String(String.UnicodeScalarView((0..<32).compactMap(UnicodeScalar.init)))
    let document = try draw(
      Scene(
        size: Size(9, 9), background: nil,
        marks: [Samples.text("a\u{1}b\u{FFFF}\0\u{1B}c")], title: "x\(controls)y"))
    #expect(document["text"].map(\.text) == ["abc"])
    #expect(document["title"].map(\.text) == ["x\t\n\ry"])
  }

  @Test func theRootNamesThePicture() throws {
    let document = try draw(Samples.everything, provenance: "{}")
    let root = try #require(document["svg"].first)
    #expect(root.attributes["role"] == "img")
    #expect((root.attributes["width"], root.attributes["height"]) == ("120pt", "90pt"))
    #expect(root.attributes["viewBox"] == "0 0 120 90")
    let names = (document["title"] + document["desc"]).compactMap { $0.attributes["id"] }
    #expect(names.count == 2)
    #expect(root.attributes["aria-labelledby"] == names.joined(separator: " "))
  }

  @Test func idsAreUniqueAndFound() throws {
    let pictures = [try draw(Samples.everything), try draw(Samples.other)]
    for document in pictures {
      let references = document.elements.flatMap(\.attributes.values).compactMap { value in
        value.hasPrefix("#a")
          ? String(value.dropFirst()) : value.firstMatch(of: /url\(#(.+)\)/).map { String($0.1) }
      }
      #expect(references.count > 5)
      #expect(Set(references).isSubset(of: Set(document.ids)))
      #expect(Set(document.ids).count == document.ids.count)
    }
    #expect(Set(pictures[0].ids).isDisjoint(with: pictures[1].ids))
  }

  @Test func imagesStayCrisp() throws {
    let document = try draw(Samples.everything)
    let page = try #require(document["svg"].first)
    #expect(page.attributes["style"]?.contains("image-rendering:pixelated") == true)
    let image = try #require(
      document["image"].first { $0.attributes["preserveAspectRatio"] == "none" })
    #expect(image.attributes["style"] == nil)
    #expect(["x", "y", "width", "height"].map { image.attributes[$0] } == ["8", "8", "45", "30"])
    let cells = try PNGImage(embedded(image))
    let side = cells.width / 3
    #expect((cells.width, cells.height) == (3 * side, 2 * side))
    let colors: [UInt32] = [0x0B2F5B, 0xE07A2F, 0xFFFFFF, 0xFFFFFF, 0xE07A2F, 0x0B2F5B]
    for (index, color) in colors.enumerated() {
      let (x, y) = (index % 3 * side, index / 3 * side)
      #expect(cells.colors(x..<x + side, y..<y + side) == [Color(color).pixel])
    }
  }

  @Test func emojiAreEmbedded() throws {
    let document = try draw(Samples.page([Samples.text("🙂"), Samples.text("🙂", size: 9)]))
    let image = try #require(document["image"].first)
    #expect(document["image"].count == 1)
    let picture = try PNGImage(embedded(image))
    let quarter = picture.width / 4
    #expect(picture[quarter, quarter] == SIMD4(255, 0, 0, 255))
    #expect(picture[3 * quarter, quarter] == SIMD4(0, 255, 0, 255))
    let last = picture[3 * quarter, 3 * quarter]
    #expect(last.w == 128 && last.x > 250 && last.y > 250 && last.z == 0)
    let frame = ["x", "y", "width", "height"].map { image.attributes[$0] }
    #expect(frame == ["0", "-1638", "2048", "2048"])
  }

  private func embedded(_ image: SVGDocument.Element) throws -> [UInt8] {
    let link = try #require(image.attributes["xlink:href"])
    let prefix = "data:image/png;base64,"
    #expect(link.hasPrefix(prefix))
    return Array(try #require(Data(base64Encoded: String(link.dropFirst(prefix.count)))))
  }

  /// The glyph of `H` is a rectangle from (0.1, 0) to (0.52, 0.7) em.
  @Test func glyphsAreOutlines() throws {
    let document = try draw(Samples.page([Samples.text("HH", size: 20)], background: nil))
    let outline = try #require(document["path"].first?.attributes["d"])
    let numbers = outline.matches(of: /-?[0-9]+/).compactMap { Int($0.0) }
    let (x, y) = (
      stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] },
      stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
    )
    #expect(x.min() == 205 && x.max() == 1065)
    #expect(y.min() == -1434 && y.max() == 0)
    #expect(document["use"].map { $0.attributes["x"] } == [nil, "1270"])
    let group = try #require(document["g"].first?.attributes)
    #expect(group["transform"] == "translate(20 60) scale(.0097656)")
    #expect(group["aria-hidden"] == "true")
  }

  @Test func textThatReadsFromTheRightStartsThere() throws {
    let text = try #require(try draw(Samples.page([Samples.text("שלום")]))["text"].first)
    let width = TextMeasure.typeset("שלום", Font(size: 20)).width
    #expect(text.attributes["direction"] == "rtl")
    #expect(abs((Double(text.attributes["x"] ?? "") ?? 0) - (20 + width)) < 0.01)
    #expect(abs((Double(text.attributes["textLength"] ?? "") ?? 0) - width) < 0.01)
  }

  @Test func textInGroupsIsSelectedWhereItStands() throws {
    let group = Mark.group(
      Group([.group(Group([Samples.text("x")], at: Point(1, 2)))], at: Point(10, 20)))
    let text = try #require(try draw(Samples.page([group]))["text"].first)
    #expect((text.attributes["x"], text.attributes["y"]) == ("31", "82"))
  }

  @Test func clipsAreOutlines() throws {
    let clip = try #require(try draw(Samples.other)["clipPath"].first?.attributes["id"])
    let group = try #require(
      try draw(Samples.other)["g"].first { $0.attributes["clip-path"] != nil })
    #expect(group.attributes["clip-path"] == "url(#\(clip))")
    #expect(group.attributes["transform"] == "translate(3 3)")
  }

  @Test func charactersWithoutAFontAreBoxes() throws {
    let document = try draw(Samples.page([Samples.text("東京")], background: nil))
    #expect(document["path"].map { $0.attributes["stroke"] } == ["#888"])
    #expect(document["use"].count == 2)
  }
}
