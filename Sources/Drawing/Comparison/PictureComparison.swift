/// How a picture compares with the same picture drawn again.
public enum PictureComparison: Sendable, Equatable {
  /// Every byte is equal.
  case identical
  /// Words are equal, numbers to three digits, colours to a few levels: what is left is how the
  /// last bits of products differ between machines.
  case same
  /// What differs, a sentence each.
  case different([String])

  /// How many differences are named; of the others the number is told.
  static let mostNamed = 8

  /// Compares two files of one format; what they say about their origin plays no part.
  ///
  /// - Parameters:
  ///   - old: A PNG, SVG or PDF file; it need not be trusted.
  ///   - new: The picture drawn again, as `Scene.data` writes it.
  /// - Throws: `DrawingError` of kind `badFile` when `old` is none of the three, or broken.
  public init(of old: [UInt8], with new: [UInt8]) throws {
    guard old != new else {
      self = .identical
      return
    }
    guard let format = FileFormat(of: new), format == FileFormat(of: old) else {
      throw DrawingError(.badFile, "this is no picture of the format that is expected")
    }
    let differences =
      switch format {
      case .svg: try SVGElements(old).differences(from: SVGElements(new))
      case .png: try PNGPixels.differences(of: old, from: new)
      case .pdf: try PDFContent(old).differences(from: PDFContent(new))
      }
    self = differences.isEmpty ? .same : .different(differences.shortened)
  }
}

extension FileFormat {
  /// The format of a file's bytes.
  public init?(of bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .png
    } else if bytes.starts(with: "%PDF-".utf8) {
      self = .pdf
    } else if bytes.firstRange(of: Array("<svg".utf8)) != nil {
      self = .svg
    } else {
      return nil
    }
  }
}

extension [String] {
  /// The first of the sentences, and how many more there are.
  fileprivate var shortened: [String] {
    let most = PictureComparison.mostNamed
    return count <= most + 1 ? self : prefix(most) + ["and \(count - most) more differences"]
  }
}

/// When two numbers of a picture count as equal.
enum Tolerance {
  /// The levels of 255 by which a colour may differ: a value beside the step of a palette.
  static let levels = 8

  /// Whether two numbers agree in three digits, or in the last decimal that files have.
  static func accepts(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 0.0015 + 0.0005 * max(abs(a), abs(b))
  }
}
