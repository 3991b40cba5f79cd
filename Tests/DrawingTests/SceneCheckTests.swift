import Drawing
import Figures
import Testing

@Suite struct SceneCheckTests {
  init() throws { try PinnedFonts.use() }

  private static let bad: [Double] = [.nan, .infinity, -.infinity, 1e300]

  /// Scenes with one number that cannot be drawn.
  private static func scenes(_ number: Double) -> [Scene] {
    let point = Point(number, 1)
    let cells = { (frame: Rectangle) in
      Mark.image(Image(columns: 1, rows: 1, palette: [Samples.black], cells: [0], frame: frame))
    }
    let marks: [Mark] = [
      .path(Path([.move(point)])), .path(Path([.curve(Point(0, 0), point, Point(1, 1))])),
      .path(Path([.move(Point(0, 0))], stroke: .init(Samples.black, width: number))),
      .path(Path([], stroke: .init(Samples.black, width: 1, dash: [1, number]))),
      Samples.text("a", at: point), Samples.text("a", size: number),
      Samples.text("a", rotation: number), cells(Rectangle(x: 0, y: number, width: 1, height: 1)),
      cells(Rectangle(x: 0, y: 0, width: number, height: 1)),
      .group(Group([], at: point)), .group(Group([], clip: [.line(point)])),
      .label(Label("row-3", [.group(Group([Samples.text("a", at: point)]))])),
    ]
    return marks.map { Samples.page([$0]) } + [Samples.page([], side: number)]
  }

  @Test(arguments: bad) func numbersThatAreNotFiniteAreErrors(_ number: Double) {
    for scene in Self.scenes(number) {
      for format in FileFormat.allCases {
        #expect(kind { _ = try scene.data(Export(format)) } == .badScene, "\(scene.text)")
      }
    }
  }

  @Test func theSameScenesWithAFiniteNumberAreDrawn() throws {
    for scene in Self.scenes(2) {
      for format in FileFormat.allCases { #expect(try !scene.data(Export(format)).isEmpty) }
    }
  }

  @Test func imagesNeedTheirColors() {
    let image = Image(
      columns: 2, rows: 1, palette: [Samples.black], cells: [0, 1],
      frame: Rectangle(x: 0, y: 0, width: 2, height: 1))
    let scene = Samples.page([.label(Label("grid", [.image(image)]))])
    let error = #expect(throws: DrawingError.self) { try scene.data(Export(.png)) }
    #expect(error?.kind == .badScene)
    #expect(error?.description.contains("grid") == true)
  }
}

/// The kind of the drawing error that `body` throws; `nil` when it throws none or another.
func kind(_ body: () throws -> Void) -> DrawingError.Kind? {
  do {
    try body()
    return nil
  } catch {
    return (error as? DrawingError)?.kind
  }
}
