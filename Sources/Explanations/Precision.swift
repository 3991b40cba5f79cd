internal import Figures

/// How exactly a sentence prints a number.
public enum Precision: Sendable {
  /// A weight or a share of 1: ".64", as in the figures.
  case weight
  /// Two decimals.
  case two
  /// A part of 1 in whole percents.
  case percent

  /// Prints a number.
  public func callAsFunction(_ value: Double) -> String {
    switch self {
    case .weight: NumberFormat.weight(value)
    case .two:
      value > 0 && value < 0.005 ? "under 0.01" : NumberFormat.fixed(value, decimals: 2)
    case .percent: percent(value)
    }
  }

  private func percent(_ value: Double) -> String {
    if value > 0, value < 0.005 { return "under 1 %" }
    if value < 1, value >= 0.995 { return "over 99 %" }
    return NumberFormat.fixed(value * 100, decimals: 0) + " %"
  }
}
