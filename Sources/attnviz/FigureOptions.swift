public import ArgumentParser
public import Drawing
public import Figures
import Files
import Tensors
import Transformers

/// How figures look and where they go.
struct FigureOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .png, .svg or .pdf; - is standard output.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp("Decides the format instead of the file's extension.", valueName: "format"))
  var format: FileFormat?

  @OptionGroup var look: LookOptions

  /// The format that is asked for, else the one of the file's extension.
  func fileFormat(_ path: String) throws -> FileFormat {
    let known = FileFormat.allCases.first { path.lowercased().hasSuffix("." + $0.rawValue) }
    guard let format = format ?? known ?? (path == "-" ? .svg : nil) else {
      throw UsageError("\(path): no known format; use .png, .svg or .pdf, or --format")
    }
    return format
  }
}

/// How figures look.
struct LookOptions: ParsableArguments {
  @Option(help: "paper, light or dark.")
  var theme: ThemeName = .paper

  @Option(help: "paper, slides or web: decides the size of everything.")
  var style: StyleName = .paper

  @Option(
    help: ArgumentHelp("Fit the figure to a width: 89mm, 3.5in or 252pt.", valueName: "length"))
  var width: Length?

  @Option(help: ArgumentHelp("Dots per inch of a PNG.", valueName: "number"))
  var dpi: Double = 192

  @Option(help: "The colours of values.")
  var palette: Palette?

  @Flag(help: "Leave the background out.")
  var transparent = false

  func validate() throws {
    guard dpi.isFinite, (18...2400).contains(dpi) else {
      throw ValidationError("--dpi takes a number from 18 to 2400.")
    }
  }

  /// The style of every figure of this call.
  var figureStyle: Style {
    var style = Style(
      theme: theme.theme, scale: style.scale, width: width?.points, measure: .typeset)
    if let palette {
      if palette.isDiverging { style.diverging = palette } else { style.sequential = palette }
    }
    return style
  }

  /// How a scene becomes a file of these looks.
  func export(_ format: FileFormat, _ provenance: String) -> Export {
    Export(format, resolution: dpi, provenance: provenance, isTransparent: transparent)
  }

  /// The options as provenance keeps them.
  var json: [JSON.Member] {
    var all = [
      JSON.Member("theme", .string(theme.rawValue)), JSON.Member("style", .string(style.rawValue)),
    ]
    if let width { all.append(JSON.Member("width_pt", .number(width.points))) }
    if let palette { all.append(JSON.Member("palette", .string(palette.rawValue))) }
    return all
  }
}

enum ThemeName: String, ExpressibleByArgument, CaseIterable {
  case paper, light, dark

  var theme: Theme {
    switch self {
    case .paper: .paper
    case .light: .light
    case .dark: .dark
    }
  }
}

enum StyleName: String, ExpressibleByArgument, CaseIterable {
  case paper, web, slides

  /// How much larger than on paper everything is.
  var scale: Double {
    switch self {
    case .paper: 1
    case .web: 1.4
    case .slides: 2
    }
  }
}

/// A length with its unit.
struct Length: ExpressibleByArgument {
  let points: Double

  init?(argument: String) {
    let units: [(String, Double)] = [("mm", 72 / 25.4), ("cm", 720 / 25.4), ("in", 72), ("pt", 1)]
    for (unit, points) in units where argument.hasSuffix(unit) {
      guard let number = Double(argument.dropLast(unit.count)), number.isFinite, number > 0,
        number * points < 20_000
      else { return nil }
      self.points = number * points
      return
    }
    return nil
  }
}

extension FileFormat: ExpressibleByArgument {}
extension Palette: ExpressibleByArgument {}
