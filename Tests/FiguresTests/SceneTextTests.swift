import Figures
import Testing

@Suite struct SceneTextTests {
  @Test func everyMarkIsALine() {
    let path = Path(
      [.move(Point(0, 1.23456)), .curve(Point(1, 1), Point(2, 2), Point(3, 3)), .close],
      fill: Color(0x0B2F5B), stroke: .init(Color(0).opacity(0.5), width: 0.35, dash: [1.5, 1.5]))
    let image = Image(
      columns: 2, rows: 1, palette: [Color(0), Color(1)], cells: [1, 0],
      frame: Rectangle(x: 1, y: 2, width: 3, height: 4))
    let text = Text(
      "a", font: .init(.variable, size: 8), color: Color(0), at: Point(-0.5, 2), rotation: -90)
    let scene = Scene(
      size: Size(10, 20.5), background: nil,
      marks: [
        .label(Label("grid", summary: "two cells", [.path(path), .image(image)])),
        .group(Group([.text(text)], at: Point(1, 1))),
      ], title: "T", summary: "S")
    #expect(
      scene.text == """
        scene 10 × 20.5 none
        title T
        summary S
        label grid “two cells”
          path M0,1.235 C1,1 2,2 3,3 Z fill #0B2F5B stroke #000000@0.5 0.35 1.5 1.5
          image 2 × 1 at 1,2 3 × 4, 2 colours: 1 0
        group 1,1
          text “a” start -0.5,2 variable 8 regular #000000 turned -90

        """)
  }
}
