/// How numbers of a flow are printed.
extension HeadFlowTokens {
  /// A number with a fixed number of decimals; a large one as a score.
  static func number(_ value: Double, _ decimals: Int) -> String {
    guard value.magnitude < 999.5 else { return NumberFormat.score(value) }
    return value == 0 ? "0" : NumberFormat.fixed(value, decimals: decimals)
  }

  /// A share with three decimals; only an exact 0 or 1 is printed so.
  static func share(_ value: Double) -> String {
    if value == 0 || value == 1 || !(0...1).contains(value) { return NumberFormat.weight(value) }
    if value < 0.0005 { return "<.001" }
    if value >= 0.9995 { return ">.999" }
    return String(NumberFormat.fixed(value, decimals: 3).dropFirst())
  }
}

extension Rectangle {
  /// The rectangle without a part of its right side.
  func narrowed(by distance: Double) -> Rectangle {
    Rectangle(x: minX, y: minY, width: size.width - distance, height: size.height)
  }

  func moved(y: Double) -> Rectangle {
    Rectangle(x: minX, y: minY + y, width: size.width, height: size.height)
  }
}
