#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The speeds in a gas, f(v) = √(2/π) v² e^(−v²/2a²) / a³: the picture from physics that the
/// figures of distributions are compared with. Drawn from the formula alone.
public struct MaxwellBoltzmann: Figure {
  /// Its name in the catalogue.
  public static let name = "maxwell-boltzmann"

  /// The width parameters a = √(kT/m), ascending.
  public let widths: [Double]
  /// The words around the picture; `nil` takes the figure's own.
  public var caption: Caption?

  /// Creates the figure for one or more width parameters.
  ///
  /// - Precondition: Every width is positive and finite.
  public init(widths: [Double] = [1, 2, 5], caption: Caption? = nil) {
    precondition(
      !widths.isEmpty && widths.allSatisfy { $0 > 0 && $0.isFinite }, "widths of \(widths)")
    self.widths = Array(Set(widths)).sorted()
    self.caption = caption
  }

  /// The density of speeds.
  public static func density(_ speed: Double, width a: Double) -> Double {
    let x = speed / a
    return (2 / Double.pi).squareRoot() * x * x * exp(-x * x / 2) / a
  }

  /// The most probable speed, a√2.
  public static func mode(width: Double) -> Double { width * 2.0.squareRoot() }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene {
    MaxwellBoltzmannLayout(self, in: style).scene()
  }

  /// The caller's words, else the figure's own.
  var words: Caption {
    if let caption { return caption }
    let count = widths.count
    let names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    let number = count <= names.count ? names[count - 1] : NumberFormat.count(count)
    let many = "\(number) temperature\(count == 1 ? "" : "s")"
    return Caption(
      title: "Maxwell–Boltzmann: the speeds in a gas at \(many)", subtitle: subtitle,
      notes: [
        [
          .text("The hump is not in the Boltzmann factor, which only falls with "),
          .formula(.variable("v")), .text(": there are more ways to be fast ("),
          .formula(.sup(.variable("v"), .word("2"))),
          .text(" of them, the density of states), until the factor wins."),
        ]
      ],
      summary: summary)
  }

  private var subtitle: [Inline] {
    let first = NumberFormat.temperature(widths[0])
    let ratios = widths.dropFirst().prefix(3).map { width in
      let ratio = (width / widths[0]) * (width / widths[0])
      return "a = \(NumberFormat.temperature(width)) is \(NumberFormat.temperature(ratio))×"
    }
    let tail = ratios.count > 1 ? ratios.dropLast().joined(separator: ", ") + " and " : ""
    let hot = ratios.last.map { "so \(tail)\($0) as hot as a = \(first) · " }
    return [
      .text("Physics picture, from the formula · "),
      .formula(
        .row([
          .sup(.variable("a"), .word("2")), .sign("="), .variable("kT"), .word("/"), .variable("m"),
        ])),
      .text(hot.map { ", \($0)" } ?? " · "),
      .text(widths.count == 1 ? "the area is 1" : "each curve has area 1"),
    ]
  }

  private var summary: String {
    let all = widths.map { width in
      "at a = \(NumberFormat.temperature(width)) the most probable speed is "
        + NumberFormat.fixed(Self.mode(width: width), decimals: 2)
    }
    return "The Maxwell–Boltzmann density of speeds f(v): " + all.joined(separator: ", ")
      + ". Each curve rises with v squared, falls with the Boltzmann factor and has area 1."
  }

  /// f(v) = √(2/π) v² e^(−v²/2a²) / a³
  static let formula: Formula = {
    let square = { (name: String) -> Formula in .sup(.variable(name), .word("2")) }
    let exponent = Formula.row([.word("−"), square("v"), .word("/2"), square("a")])
    return .row([
      .variable("f"), .word("("), .variable("v"), .word(")"), .sign("="),
      .root(.row([.word("2/"), .variable("π")])), .thinSpace,
      .fraction(
        .row([square("v"), .thinSpace, .sup(.variable("e"), exponent)]),
        .sup(.variable("a"), .word("3"))),
    ])
  }()
}
