extension Int {
  /// The number of bytes in megabytes, rounded: "84 MB"; small files in kilobytes.
  var megabytes: String {
    self < 1_000_000 ? "\((self + 500) / 1000) kB" : "\((self + 500_000) / 1_000_000) MB"
  }

  /// The number with a comma before every group of three digits: "22,713,216".
  var grouped: String {
    let digits = String(self)
    return digits.enumerated().map { index, digit in
      let isStart = index > 0 && (digits.count - index).isMultiple(of: 3)
      return isStart ? ",\(digit)" : "\(digit)"
    }.joined()
  }
}
