import Drawing
import Explanations
import Figures
import Files
import Transformers

/// How the files and quoted numbers of a manifest's entry compare with the figure drawn again.
struct FigureCheck: Sendable {
  /// What is not as it was, a line each.
  private(set) var drifts: [String] = []
  /// What is worth knowing and no drift.
  private(set) var notes: [String] = []

  init(
    _ figure: ManifestDrawing.Prepared, _ picture: DrawnPicture, _ trace: Trace?
  ) throws {
    for output in figure.entry.outputs {
      guard fileExists(output) else {
        drifts.append("\(output): is missing")
        continue
      }
      let bytes = try readFile(output)
      do {
        let origin = try PictureOrigin(bytes, path: output)
        if let version = origin["version"], version != Version.string {
          notes.append("\(output) was drawn by version \(version), this is \(Version.string)")
        }
        let new = try picture.data(try figure.format(output))
        if case .different(let differences) = try PictureComparison(of: bytes, with: new) {
          drifts += differences.map { "\(output): \($0)" }
        }
      } catch let error as DrawingError where error.kind == .badFile {
        drifts.append("\(output): \(error)")
      } catch let error as FileError where error.kind == .badData {
        drifts.append("\(error)")
      }
    }
    for quote in figure.entry.quotes { check(quote, trace, figure.entry.outputs[0]) }
  }

  private mutating func check(
    _ quote: FigureManifest.CitedNumber, _ trace: Trace?, _ output: String
  ) {
    guard let value = trace.flatMap(quote.citation.value) else {
      drifts.append("\(output): \(quote.name): there is no such number in what was recorded")
      return
    }
    guard !(abs(value - quote.value) <= quote.tolerance) else { return }
    // Two digits more than the tolerance: enough to see by how much.
    let decimals = Self.decimals(quote.tolerance)
    drifts.append(
      "\(output): \(quote.name): \(NumberFormat.fixed(value, decimals: decimals)), the manifest says "
        + "\(quote.value) ± \(quote.tolerance)")
  }

  private static func decimals(_ tolerance: Double) -> Int {
    let digits = (0..<10).first { tolerance * Double(Self.power(of: $0)) >= 1 } ?? 10
    return digits + 1
  }

  private static func power(of exponent: Int) -> Int {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
