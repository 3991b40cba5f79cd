internal import CUnicode

/// The four normalization forms of Unicode (UAX 15).
enum CanonicalForm: Sendable {
  case nfc, nfd, nfkc, nfkd

  /// Whether compatibility mappings are applied: ﬁ becomes fi.
  var isCompatible: Bool { self == .nfkc || self == .nfkd }
  /// Whether the result is composed again.
  var isComposed: Bool { self == .nfc || self == .nfkc }

  /// The first scalar that the form can change.
  fileprivate var firstChanged: UInt32 {
    switch self {
    case .nfc: 0x300
    case .nfd: 0xC0
    case .nfkc, .nfkd: 0xA0
    }
  }
}

/// One scalar of a decomposed text with its canonical combining class.
private typealias Decomposed = (edit: AlignedText.Edit, combining: UInt8)

extension AlignedText {
  /// Brings the text into a normalization form, with the data of Unicode 9 as the reference has.
  mutating func normalize(to form: CanonicalForm) {
    guard scalars.contains(where: { $0.value >= form.firstChanged }) else { return }
    let decomposed = decomposition(compatible: form.isCompatible)
    rewrite(form.isComposed ? Self.compose(decomposed) : decomposed.map(\.edit))
  }

  private func decomposition(compatible: Bool) -> [Decomposed] {
    var result: [Decomposed] = []
    result.reserveCapacity(scalars.count)
    var firstMark = 0  // of the run of marks at the end of the result
    for scalar in scalars {
      var consumed = 1
      scalar.forEachDecomposed(compatible: compatible) { part in
        let combining = part.combiningClass
        if combining == 0 { Self.sortMarks(&result, from: firstMark) }
        result.append((Edit(scalar: part, consumed: consumed), combining))
        if combining == 0 { firstMark = result.count }
        consumed = 0
      }
    }
    Self.sortMarks(&result, from: firstMark)
    return result
  }

  /// Orders a run of marks by class; marks of one class stay in order.
  private static func sortMarks(_ result: inout [Decomposed], from first: Int) {
    guard result.count - first > 1 else { return }
    let sorted = result[first...].enumerated().sorted {
      ($0.element.combining, $0.offset) < ($1.element.combining, $1.offset)
    }
    result.replaceSubrange(first..., with: sorted.map(\.element))
  }

  /// Joins each starter with the marks behind it that are not blocked (UAX 15, D117).
  private static func compose(_ decomposed: [Decomposed]) -> [Edit] {
    var result: [Edit] = []
    result.reserveCapacity(decomposed.count)
    var starter: Int?
    var last: UInt8?  // class of the last mark behind the starter
    for (edit, combining) in decomposed {
      let isBlocked = last.map { $0 >= combining } ?? false
      if let starter, !isBlocked,
        let joined = Unicode.Scalar.composing(result[starter].scalar, edit.scalar)
      {
        result[starter].scalar = joined
        result[starter].consumed += edit.consumed
        continue
      }
      if combining == 0 {
        starter = result.count
        last = nil
      } else if starter != nil {
        last = combining
      }
      result.append(edit)
    }
    return result
  }
}

extension Unicode.Scalar {
  /// The version of Unicode whose normalization data the reference has.
  private static var normalizationVersion: Int { 9 }

  fileprivate var combiningClass: UInt8 {
    guard value >= 0x300 else { return 0 }
    let combining = properties.canonicalCombiningClass.rawValue
    return combining != 0 && isAssigned(in: Self.normalizationVersion) ? combining : 0
  }

  fileprivate func forEachDecomposed(compatible: Bool, _ body: (Unicode.Scalar) -> Void) {
    guard value >= 0xA0 else { return body(self) }
    var options = Int32(bitPattern: UTF8PROC_DECOMPOSE.rawValue)
    if compatible { options |= Int32(bitPattern: UTF8PROC_COMPAT.rawValue) }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 32) { buffer in
      var boundary: Int32 = 0
      let count = utf8proc_decompose_char(
        Int32(value), buffer.baseAddress, buffer.count, utf8proc_option_t(UInt32(options)),
        &boundary)
      let isChanged = count > 1 || (count == 1 && buffer[0] != Int32(value))
      guard isChanged, count <= buffer.count, isAssigned(in: Self.normalizationVersion) else {
        return body(self)
      }
      for code in buffer[..<count] {
        if let scalar = Unicode.Scalar(UInt32(code)) { body(scalar) }
      }
    }
  }

  /// The primary composite of two scalars, when there is one.
  fileprivate static func composing(
    _ first: Unicode.Scalar, _ second: Unicode.Scalar
  ) -> Unicode.Scalar? {
    guard second.value >= 0x300 else { return nil }
    let options = UTF8PROC_COMPOSE.rawValue | UTF8PROC_STABLE.rawValue
    let code = withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4) { buffer -> UInt32? in
      buffer[0] = Int32(first.value)
      buffer[1] = Int32(second.value)
      let count = utf8proc_normalize_utf32(buffer.baseAddress, 2, utf8proc_option_t(options))
      return count == 1 ? UInt32(buffer[0]) : nil
    }
    guard let code, let joined = Unicode.Scalar(code),
      joined.isAssigned(in: normalizationVersion)
    else { return nil }
    return joined
  }
}
