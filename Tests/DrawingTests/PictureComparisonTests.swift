import Drawing
import Figures
import TestSupport
import Testing

/// Files of the same picture are the same although bytes differ, and what people see is not.
@Suite struct PictureComparisonTests {
  init() throws { try PinnedFonts.use() }

  private func compare(
    _ old: Scene, _ new: Scene, _ format: FileFormat
  ) throws -> PictureComparison {
    try PictureComparison(
      of: old.data(Export(format, provenance: #"{"of":"old"}"#)),
      with: new.data(Export(format, provenance: #"{"of":"another one"}"#)))
  }

  /// A word, a bar and an image whose cells have one colour.
  private func scene(
    _ word: String = ".61", bar: Double = 40, shade: UInt8 = 120, more: [Mark] = [],
    title: String = "A title", side: Double = 100
  ) -> Scene {
    let cells = Image(
      columns: 3, rows: 2, palette: [Color(red: shade, green: 90, blue: 200), Samples.white],
      cells: [0, 1, 0, 1, 0, 1], frame: Rectangle(x: 50, y: 50, width: 30, height: 20))
    let marks = [
      Samples.text(word, size: 12, at: Point(10, 20)),
      Samples.square(bar, at: Point(5, 30), Color(0x3366AA)), .image(cells),
    ]
    return Scene(
      size: Size(side, side), background: Samples.white, marks: marks + more, title: title,
      summary: "One word.")
  }

  @Test(arguments: FileFormat.allCases)
  func equalBytesAreIdentical(format: FileFormat) throws {
    let file = try scene().data(Export(format))
    #expect(try PictureComparison(of: file, with: file) == .identical)
  }

  @Test(arguments: FileFormat.allCases)
  func provenanceAndLastBitsPlayNoPart(format: FileFormat) throws {
    #expect(try compare(scene(), scene(), format) == .same)
    #expect(try compare(scene(), scene(bar: 40.0004, shade: 123), format) == .same)
  }

  @Test(arguments: FileFormat.allCases)
  func whatPeopleSeeIsDifferent(format: FileFormat) throws {
    for other in [
      scene("W"), scene(bar: 41), scene(shade: 150), scene(side: 101),
      scene(more: [Samples.square(3, at: Point(90, 90), Samples.black)]),
    ] {
      let comparison = try compare(scene(), other, format)
      guard case .different(let words) = comparison else {
        Issue.record("\(comparison)")
        continue
      }
      #expect(!words.isEmpty && words.allSatisfy { !$0.isEmpty && $0.count < 200 })
    }
  }

  @Test func namesTheWordsThatChanged() throws {
    let text = try compare(scene(".61"), scene(".58"), .svg)
    #expect(text == .different([#"text ".61" is now ".58""#]))
    let title = try compare(scene(), scene(title: "Another"), .svg)
    #expect(title == .different([#"title "A title" is now "Another""#]))
    let word = Samples.text("extra", size: 9, at: Point(60, 20))
    #expect(
      try compare(scene(), scene(more: [word]), .svg) == .different([#"text "extra" is new"#]))
    #expect(
      try compare(scene(more: [word]), scene(), .svg) == .different([#"text "extra" is gone"#]))
  }

  @Test func namesTheShapeThatMoved() throws {
    let comparison = try compare(scene(bar: 40), scene(bar: 41), .svg)
    guard case .different(let words) = comparison else {
      Issue.record("\(comparison)")
      return
    }
    #expect(words.count == 1 && words[0].hasPrefix("path") && words[0].contains("45 is now 46"))
  }

  @Test func tellsSomeDifferencesAndCountsTheOthers() throws {
    func texts(_ start: Int) -> [Mark] {
      (0..<30).map { Samples.text("n\(start + $0)", size: 3, at: Point(1, 3 * Double($0))) }
    }
    let comparison = try compare(Samples.page(texts(0)), Samples.page(texts(100)), .svg)
    guard case .different(let words) = comparison else {
      Issue.record("\(comparison)")
      return
    }
    #expect(words.count == 9 && words.last == "and 22 more differences")
  }

  @Test(arguments: FileFormat.allCases)
  func damagedFilesAreRefusedOrDifferent(format: FileFormat) throws {
    let new = try Samples.everything.data(Export(format))
    for length in stride(from: 0, to: new.count, by: max(1, new.count / 97)) {
      let part = Array(new.prefix(length))
      let comparison = try? PictureComparison(of: part, with: new)
      #expect(comparison != .identical)
    }
    var state = 1 as UInt64
    for _ in 0..<300 {
      var damaged = new
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        damaged[Int(state >> 33) % new.count] = UInt8(state >> 24 & 255)
      }
      do { _ = try PictureComparison(of: damaged, with: new) } catch {
        #expect((error as? DrawingError)?.kind == .badFile)
      }
    }
  }

  @Test func formatsAreNotMixed() throws {
    let (svg, png) = (try scene().data(Export(.svg)), try scene().data(Export(.png)))
    #expect(throws: DrawingError.self) { try PictureComparison(of: svg, with: png) }
    #expect(throws: DrawingError.self) { try PictureComparison(of: Array("text".utf8), with: svg) }
  }
}
