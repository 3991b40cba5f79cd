import CCairo

/// A Cairo surface and a context that draws on it.
struct Surface: ~Copyable {
  /// The surface.
  let pointer: OpaquePointer?
  /// The context.
  let context: OpaquePointer?

  /// Takes ownership of a surface.
  init(_ pointer: OpaquePointer?) {
    self.pointer = pointer
    context = cairo_create(pointer)
  }

  /// Makes an image of 32-bit pixels, transparent at first.
  init(width: Int, height: Int) {
    self.init(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(width), Int32(height)))
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(pointer)
  }

  /// Completes the drawing.
  ///
  /// - Throws: `DrawingError` of kind `refused` when a step of it failed.
  func flush() throws {
    cairo_surface_flush(pointer)
    try Self.check(cairo_status(context))
    try Self.check(cairo_surface_status(pointer))
  }

  /// Completes a file that is written to a stream.
  ///
  /// - Throws: `DrawingError` of kind `refused` when a step of it failed.
  func finish() throws {
    try Self.check(cairo_status(context))
    cairo_surface_finish(pointer)
    try Self.check(cairo_surface_status(pointer))
  }

  private static func check(_ status: cairo_status_t) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let words = cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown"
    throw DrawingError(.refused, "cairo cannot draw the picture: \(words)")
  }

  /// Calls `body` with each row of an image in turn: premultiplied pixels, `0xAARRGGBB`.
  func forEachRow(_ body: (UnsafeMutableBufferPointer<UInt32>) throws -> Void) rethrows {
    guard let bytes = cairo_image_surface_get_data(pointer) else { return }
    let width = Int(cairo_image_surface_get_width(pointer))
    let stride = Int(cairo_image_surface_get_stride(pointer))
    for row in 0..<Int(cairo_image_surface_get_height(pointer)) {
      try (bytes + row * stride).withMemoryRebound(to: UInt32.self, capacity: width) {
        try body(UnsafeMutableBufferPointer(start: $0, count: width))
      }
    }
  }

  /// Tells Cairo that the pixels were changed from outside.
  func markDirty() { cairo_surface_mark_dirty(pointer) }
}

/// Collects what a stream writes.
final class ByteSink {
  private(set) var bytes: [UInt8] = []

  /// The sink as C hands it back; valid as long as the sink lives.
  var handle: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Appends bytes to the sink behind a handle.
  static func append(
    _ handle: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: Int
  ) {
    guard let handle else { return }
    Unmanaged<ByteSink>.fromOpaque(handle).takeUnretainedValue()
      .bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
  }
}
