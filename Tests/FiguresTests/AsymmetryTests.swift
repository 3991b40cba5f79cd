import Figures
import TestSupport
import Testing

@Suite struct AsymmetryTests {
  @Test(arguments: [0, 1, 3, 45, 105, 1770], Samples.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    let figure = Samples.asymmetry(count, named: min(5, count))
    #expect(violations(figure, Samples.style(width)) == [])
  }

  @Test func everyPairIsADotAndNamesThatFindNoRoomAreCounted() {
    for count in [20, 1770] {
      let scene = Samples.asymmetry(count, named: 5).scene(in: Samples.style(89))
      let dots = scene.marks.flatMap { mark -> [Mark] in
        guard case .label(let label) = mark, label.name == "panel-1" else { return [] }
        return label.marks.filter {
          if case .path(let path) = $0 { path.fill != nil && path.steps.count == 10 } else { false }
        }
      }
      #expect(dots.count == count)
      let strings = Inks(scene).strings
      let named = strings.count { $0 == "street → because" }
      let words = strings.joined(separator: " ")
      #expect(named == 10 || words.contains("\(10 - named) name"))
    }
  }

  @Test func goldens() throws {
    let scene = Samples.asymmetry(3, named: 1).scene(in: Style())
    #expect(try Goldens.difference("asymmetry.txt", scene.text) == nil)
  }
}
