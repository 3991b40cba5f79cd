import CPNG

/// A PNG file in memory, written row by row.
struct PNGFile: ~Copyable {
  /// How pixels are stored.
  enum Pixels {
    /// One byte a pixel, an index into colours `[red, green, blue, opacity]`, at most 256.
    case indexed([SIMD4<UInt8>])
    /// Three bytes a pixel.
    case opaque
    /// Four bytes a pixel; opacity last, not multiplied in.
    case translucent
  }

  private let writer: OpaquePointer?
  private let sink = ByteSink()

  /// Writes what stands before the pixels.
  ///
  /// - Parameters:
  ///   - resolution: Dots per inch; `nil` says nothing about it.
  ///   - texts: Keywords with a text each; empty ones are left out.
  init(
    width: Int, height: Int, pixels: Pixels, resolution: Double? = nil,
    texts: [(keyword: String, text: String)] = []
  ) {
    var palette: [UInt8] = []
    if case .indexed(let colors) = pixels {
      palette = colors.flatMap { [$0.x, $0.y, $0.z, $0.w] }
    }
    let strings = texts.filter { !$0.text.isEmpty }
      .flatMap { [$0.keyword, $0.text] }.map { Array($0.utf8CString) }
    let storage = strings.map { string in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count)
      copy.initialize(from: string, count: string.count)
      return copy
    }
    defer { for copy in storage { copy.deallocate() } }
    let chunks = stride(from: 0, to: storage.count, by: 2).map {
      cpng_text(keyword: storage[$0], text: storage[$0 + 1])
    }
    let handle = sink.handle
    writer = palette.withUnsafeBufferPointer { palette in
      chunks.withUnsafeBufferPointer { chunks in
        var header = cpng_header(
          width: UInt32(width), height: UInt32(height), color: pixels.color,
          palette: palette.baseAddress, colors: Int32(palette.count / 4),
          resolution: UInt32(((resolution ?? 0) / 0.0254).rounded()),
          texts: chunks.baseAddress, text_count: Int32(chunks.count))
        return cpng_create(
          &header,
          { handle, bytes, count in
            ByteSink.append(handle, bytes, count)
            return 0
          }, handle)
      }
    }
  }

  deinit { cpng_destroy(writer) }

  /// Writes the next row.
  ///
  /// - Parameter resemblesLast: Whether it is much like the row before: it is then packed as a
  ///   difference.
  /// - Throws: `DrawingError` of kind `refused` with libpng's words.
  func write(row: UnsafeBufferPointer<UInt8>, resemblesLast: Bool = true) throws {
    guard cpng_row(writer, row.baseAddress, resemblesLast ? 1 : 0) == 0 else { throw failure }
  }

  /// Ends the file and returns it.
  ///
  /// - Throws: `DrawingError` of kind `refused` with libpng's words.
  consuming func finish() throws -> [UInt8] {
    guard cpng_finish(writer) == 0 else { throw failure }
    return sink.bytes
  }

  private var failure: DrawingError {
    let words = writer.flatMap(cpng_message).map { String(cString: $0) } ?? "no memory"
    return DrawingError(.refused, "libpng cannot write the picture: \(words)")
  }
}

extension PNGFile.Pixels {
  fileprivate var color: cpng_color {
    switch self {
    case .indexed: CPNG_PALETTE
    case .opaque: CPNG_RGB
    case .translucent: CPNG_RGBA
    }
  }
}
