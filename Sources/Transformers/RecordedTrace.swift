internal import Files
internal import TensorFiles
internal import Tensors
internal import Tokenization

// The arrays of a recording, checked: shapes against each other, weights against what a softmax
// gives.

extension RecordingReader {
  /// What the recording asked for, with the largest deviation of a row's sum from 1.
  func trace() throws -> (Trace, (size: Double, place: String)?) {
    var trace = Trace()
    for (site, array) in arrays where isWanted(site) {
      trace.tensors[site] = try tensor(site, array)
    }
    for (stack, layers) in layers where stack == .sole || stack == .decoder {
      for layer in layers where recording.layers?.contains(layer) ?? true {
        trace.masks[layer] = try mask(of: layer, stack)
      }
    }
    var worst: (size: Double, place: String)?
    for (site, weights) in trace.tensors.sorted(by: { $0.key.description < $1.key.description })
    where site.value == .weights {
      let mask = site.stack == .sole || site.stack == .decoder ? trace.masks[site.layer ?? 0] : nil
      let found = try check(weights, site, mask)
      if found.size > worst?.size ?? tolerance(site) { worst = found }
    }
    for (site, tensor) in trace.tensors { try checkFinite(tensor, site, trace) }
    return (trace, worst)
  }

  private func isWanted(_ site: Site) -> Bool {
    if let layer = site.layer, let layers = recording.layers, !layers.contains(layer) {
      return false
    }
    return site.value == .weights || recording.keeps(site)
  }

  private func failure(_ site: Site, _ fact: String) -> FileError {
    FileError(.badData, archive.path, "\(site): \(fact)")
  }

  /// Halves round every weight.
  private func tolerance(_ site: Site) -> Double {
    ["F16", "BF16"].contains(arrays[site]?.type) ? 0.01 : 0.001
  }
}

// MARK: shapes

extension RecordingReader {
  /// How many tokens look and how many are looked at, in a stack.
  private func extents(_ stack: Site.Stack) -> (queries: Int, keys: Int) {
    let (read, written) = (source.tokens.count, target?.tokens.count ?? 0)
    return switch stack {
    case .sole, .encoder: (read, read)
    case .decoder: (written, written)
    case .cross: (written, read)
    }
  }

  /// An array without a batch axis of 1, of the shape that its place asks for.
  private func tensor(_ site: Site, _ array: StoredTensor) throws -> Tensor {
    let (n, m) = extents(site.value == .logits && target != nil ? .decoder : site.stack)
    let wanted: [Int?] =
      switch site.value {
      case .query, .context: [heads(site.stack), n, nil]
      case .key, .value: [nil, m, nil]
      case .products, .scores, .weights: [heads(site.stack), n, m]
      case .nextTemperatures, .pooled, .nextSentence: [nil]
      case .nextProbabilities: [nil, nil]
      case .logits: [array.shape.dropLast().last == 1 ? 1 : n, nil]
      default: [n, nil]
      }
    var shape = array.shape
    while shape.count > wanted.count, shape.first == 1 { shape.removeFirst() }
    guard shape.count == wanted.count,
      zip(shape, wanted).allSatisfy({ $0 > 0 && ($1 == nil || $0 == $1) })
    else {
      let words = wanted.map { $0.map { "\($0)" } ?? "any" }.joined(separator: ", ")
      let batch =
        shape.count > wanted.count ? "; record one text, without a batch axis or with one of 1" : ""
      throw failure(site, "its shape is \(array.shape), expected [\(words)]\(batch)")
    }
    if site.value == .key || site.value == .value, heads(site.stack) % shape[0] != 0 {
      throw failure(site, "\(shape[0]) heads do not share \(heads(site.stack)) query heads evenly")
    }
    guard let tensor = try archive.tensor(array.name) else {
      throw failure(site, "cannot be read")
    }
    return tensor.reshaped(shape)
  }

  /// The heads of a stack: those of its first recorded layer.
  private func heads(_ stack: Site.Stack) -> Int {
    guard let layer = layers[stack]?.first,
      let shape = arrays[Site(.weights, layer: layer, of: stack)]?.shape, shape.count > 2
    else { return 0 }
    return shape[shape.count - 3]
  }
}

// MARK: masks and weights

extension RecordingReader {
  /// The mask of a layer: as it was recorded, else what comes later for a decoder.
  private func mask(of layer: Int, _ stack: Site.Stack) throws -> KeyRanges? {
    let (n, m) = extents(stack)
    let prefix = stack == .sole ? "" : "decoder."
    let name = "\(prefix)layers.\(layer).attention.mask"
    guard let array = archive[name] else {
      return kind == .encoder ? nil : .causal(queries: n, keys: m)
    }
    guard let allowed = try archive.integers(name), allowed.count == n * m,
      array.shape.suffix(2) == [n, m]
    else {
      throw FileError(
        .badData, archive.path, "\(name): its shape is \(array.shape), expected [\(n), \(m)] of U8")
    }
    let ranges = try (0..<n).map { query -> Range<Int> in
      let row = allowed[query * m..<(query + 1) * m]
      guard let first = row.firstIndex(where: { $0 != 0 }),
        let last = row.lastIndex(where: { $0 != 0 })
      else { return 0..<0 }
      guard row[first...last].allSatisfy({ $0 != 0 }) else {
        throw FileError(
          .badData, archive.path, "\(name): the keys of row \(query) have a gap; they must be one run")
      }
      return first - row.startIndex..<last - row.startIndex + 1
    }
    let isAll = ranges.allSatisfy { $0 == 0..<m }
    return isAll && kind == .encoder ? nil : KeyRanges(ranges)
  }

  /// Refuses what no softmax gives; returns how far the sum of a row is from 1 at most.
  private func check(
    _ weights: Tensor, _ site: Site, _ mask: KeyRanges?
  ) throws -> (size: Double, place: String) {
    let (n, m) = (weights.shape[1], weights.shape[2])
    var worst = (size: 0.0, row: 0)
    try weights.withNumbers { a in
      for row in 0..<weights.rows {
        let keys = mask?.ranges[row % n] ?? 0..<m
        var sum = 0.0
        for key in 0..<m {
          let weight = a[row * m + key]
          guard weight >= 0, weight <= 1.02 else {
            throw failure(
              site, "head \(row / n), row \(row % n), column \(key) is \(weight); weights are shares of 1")
          }
          guard weight == 0 || keys.contains(key) else {
            throw failure(
              site,
              "head \(row / n), row \(row % n) gives \(weight) to key \(key), which the mask hides"
                + (kind == .encoder ? "" : "; is it really a decoder’s?"))
          }
          sum += Double(weight)
        }
        let isEmpty = sum == 0 && keys.isEmpty
        if !isEmpty, abs(sum - 1) > worst.size { worst = (abs(sum - 1), row) }
      }
    }
    return (worst.size, "\(site), head \(worst.row / n), row \(worst.row % n)")
  }

  /// Refuses numbers that are not finite; of scores only where the mask leaves them.
  private func checkFinite(_ tensor: Tensor, _ site: Site, _ trace: Trace) throws {
    let isMap = site.value == .scores || site.value == .products
    let mask = isMap && site.stack != .cross ? trace.masks[site.layer ?? 0] : nil
    let m = tensor.width
    try tensor.withNumbers { numbers in
      for index in numbers.indices where !numbers[index].isFinite {
        let row = m == 0 ? 0 : index / m
        if let mask, site.stack != .encoder, !mask.ranges[row % mask.ranges.count].contains(index % m) {
          continue
        }
        throw failure(site, "element \(index) is \(numbers[index]), no finite number")
      }
    }
  }
}
