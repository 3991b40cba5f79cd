import Figures
import TestSupport
import Testing

@Suite struct ArchitectureTests {
  static let kinds = ["after", "before", "around", "cross", "shared", "parallel"]

  @Test(arguments: kinds, Samples.widths)
  func textsKeepTheirDistance(_ kind: String, _ width: Double?) {
    #expect(violations(Samples.architecture(kind), Samples.style(width)) == [])
  }

  @Test(arguments: [
    ("after", "Masked self-attention → Add & Norm → Feed-forward → Add & Norm"),
    ("before", "Norm → Masked self-attention → Add → Norm → Feed-forward → Add"),
    ("around", "Norm → Masked self-attention → Norm → Add → Norm → Feed-forward → Norm → Add"),
    ("shared", "Norm → (Masked self-attention | Feed-forward) → Add"),
    ("parallel", "(Norm → Masked self-attention | Norm → Feed-forward) → Add"),
  ])
  func outlinesFollowTheStream(_ kind: String, _ words: String) {
    let outline = Samples.architecture(kind).towers[0].outline
    #expect(outline.contains("× 6 [\(words)]"), "\(outline)")
  }

  @Test func totalsAreSums() {
    let figure = Samples.architecture("after")
    #expect(figure.total == 18_809_856)
    #expect(Inks(figure.scene(in: Style())).strings.contains("18,809,856"))
  }

  @Test func goldens() throws {
    for kind in ["cross", "parallel"] {
      let scene = Samples.architecture(kind).scene(in: Style())
      #expect(try Goldens.difference("architecture-\(kind).txt", scene.text) == nil)
    }
  }
}
