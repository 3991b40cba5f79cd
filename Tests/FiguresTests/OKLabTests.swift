import Figures
import Testing

@Suite struct OKLabTests {
  /// Values of CSS Color Module Level 4 for the sRGB primaries.
  @Test(arguments: [
    (0xFF0000, 0.62796, 0.22486, 0.12585), (0x00FF00, 0.86644, -0.23389, 0.17950),
    (0x0000FF, 0.45201, -0.03246, -0.31153), (0xFFFFFF, 1, 0, 0), (0x000000, 0, 0, 0),
  ])
  func primaries(_ hexadecimal: Int, _ lightness: Double, _ a: Double, _ b: Double) {
    let color = OKLab(Color(UInt32(hexadecimal)))
    #expect(abs(color.lightness - lightness) < 5e-5)
    #expect(abs(color.a - a) < 5e-5)
    #expect(abs(color.b - b) < 5e-5)
  }

  @Test func roundTrip() {
    for value in stride(from: UInt32(0), to: 0x1000000, by: 4099) {
      #expect(OKLab(Color(value)).color == Color(value))
    }
  }
}
