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
      "The file to write: .png, .svg, .pdf or .txt; - is standard output, where a terminal shows text.",
      valueName: "file"), completion: .pictures)
  var output: String?

  @Option(
    help: ArgumentHelp("Decides the format instead of the file's extension.", valueName: "format"))
  var format: FigureFormat?

  @OptionGroup var look: LookOptions

  /// The format that is asked for, else the one of the file's extension; on a terminal, text.
  func fileFormat(_ path: String) throws -> FigureFormat {
    let known = FigureFormat.allCases.first { path.lowercased().hasSuffix("." + $0.fileExtension) }
    let standard: FigureFormat? = path == "-" ? (TerminalSize.isTerminal ? .text : .svg) : nil
    guard let format = format ?? known ?? standard else {
      throw UsageError("\(path): no known format; use .png, .svg, .pdf or .txt, or --format")
    }
    return format
  }
}

/// What a figure is written as: a file of the library, or characters.
enum FigureFormat: String, ExpressibleByArgument, CaseIterable {
  case png, svg, pdf, text

  /// The kind of file; `nil` for text.
  var file: FileFormat? { FileFormat(rawValue: rawValue) }

  var fileExtension: String { self == .text ? "txt" : rawValue }
}

/// How figures look.
struct LookOptions: ParsableArguments {
  @Option(help: "paper, light or dark; when not given, paper in files and dark in a terminal.")
  var theme: ThemeName?

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

  /// The narrowest figure.
  private static let leastWidth = 40 * 72 / 25.4

  func validate() throws {
    guard width.map({ $0.points >= Self.leastWidth }) ?? true else {
      throw ValidationError("--width takes 40mm or more: narrower figures cannot be read.")
    }
    guard dpi.isFinite, (18...2400).contains(dpi) else {
      throw ValidationError("--dpi takes a number from 18 to 2400.")
    }
  }

  /// The style of every figure of this call.
  var figureStyle: Style {
    var style = Style(
      theme: (theme ?? .paper).theme, scale: style.scale, width: width?.points, measure: .typeset)
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
      JSON.Member("theme", .string((theme ?? .paper).rawValue)),
      JSON.Member("style", .string(style.rawValue)),
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
