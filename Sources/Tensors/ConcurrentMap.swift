extension Array where Element: Sendable {
  /// The results of a function for every element, several at a time, in order.
  public func concurrentMap<Result: Sendable>(
    _ transform: @Sendable (Element) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { out, initialized in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forEach(count) { index in
        (target.pointer + index).initialize(to: transform(self[index]))
      }
      initialized = count
    }
  }

  /// The same where the elements are large and few: what a function does is not cut further.
  package func concurrentWholeMap<Result: Sendable>(
    _ transform: @Sendable (Element) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { out, initialized in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forWholePieces(count) { index in
        (target.pointer + index).initialize(to: transform(self[index]))
      }
      initialized = count
    }
  }
}
