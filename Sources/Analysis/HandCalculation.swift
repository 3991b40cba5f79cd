#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// One head computed as a reader does it with a pocket calculator: every number is rounded as it is
/// printed, and the next step begins with the printed numbers.
public struct HandCalculation: Sendable {
  /// A printed matrix, row by row.
  public typealias Table = [[PrintedNumber]]

  /// A printed projection.
  public struct Projection: Sendable {
    /// W′.
    public let weight: Table
    /// b′, where there is one.
    public let bias: [PrintedNumber]?
  }

  /// Decimals of coordinates and scores; parameters, exponentials, their sums and weights have one
  /// more.
  public let decimals: Int
  /// x.
  public let input: Table
  /// W_Q and b_Q, where queries are made of nothing else.
  public let query: Projection?
  /// W_K and b_K, likewise.
  public let key: Projection?
  /// W_V and b_V.
  public let value: Projection
  /// Q.
  public let queries: Table
  /// K.
  public let keys: Table
  /// V.
  public let values: Table
  /// Q Kᵀ.
  public let products: Table
  /// What they are divided by; `nil` for 1.
  public let divisor: PrintedNumber?
  /// The quotients, where something divides.
  public let scaled: Table?
  /// What the distance of two tokens adds, where it does.
  public let bias: Table?
  /// The sums.
  public let biased: Table?
  /// c·tanh of what is there by then divided by c, where the model does so.
  public let capped: Table?
  /// The largest α of every row that is allowed, where it is subtracted first.
  public let maxima: [PrintedNumber]?
  /// e to the power of what is left of α; `nil` where masked.
  public let exponentials: [[PrintedNumber?]]
  /// Their sum, for every row.
  public let sums: [PrintedNumber]
  /// The weights; `nil` where masked.
  public let weights: [[PrintedNumber?]]
  /// Σ a v.
  public let outputs: Table
  /// By how much a weight differs from that of the run, at most.
  public let deviation: Double

  /// The largest magnitude of a coordinate that can be worked with by hand.
  public static let limit = 1000.0
  /// The largest deviation of a weight for which fewer decimals are good enough.
  public static let tolerance = 0.005

  /// α: what enters the softmax.
  public var scores: Table { capped ?? biased ?? scaled ?? products }

  /// The largest magnitude that is printed.
  public var largest: Double {
    let projections = [query, key, value].compactMap(\.self)
    let learned = projections.flatMap { $0.weight + [$0.bias ?? []] }
    let tables = [input, queries, keys, values, products, scores, learned]
    return tables.joined().joined().reduce(0) { max($0, $1.value.magnitude) }
  }

  /// Computes with as few decimals as the tolerance allows, from two on; with five at most.
  ///
  /// - Returns: `nil` when a number is too large to work with.
  public init?(_ head: HeadCoordinates) {
    guard head.largest < Self.limit else { return nil }
    var best = HandCalculation(head, decimals: 2)
    while best.deviation > Self.tolerance, best.decimals < 5 {
      best = HandCalculation(head, decimals: best.decimals + 1)
    }
    self = best
  }

  /// Computes with a number of decimals.
  ///
  /// - Precondition: No coordinate reaches `limit`.
  init(_ head: HeadCoordinates, decimals: Int) {
    self.decimals = decimals
    let more = decimals + 1
    func printed(_ rows: [[Double]], _ decimals: Int) -> Table {
      rows.map { $0.map { PrintedNumber($0, decimals: decimals) } }
    }
    func printed(_ own: HeadCoordinates.Projection) -> Projection {
      Projection(
        weight: printed(own.weight, more), bias: own.bias.map { printed([$0], more)[0] })
    }
    input = printed(head.input, decimals)
    (query, key) = (head.query.map(printed), head.key.map(printed))
    value = printed(head.value)
    queries =
      query.map { [input] in input.projected($0, decimals) } ?? printed(head.queries, decimals)
    keys = key.map { [input] in input.projected($0, decimals) } ?? printed(head.keys, decimals)
    values = input.projected(value, decimals)
    products = queries.map { [keys] query in
      keys.map { PrintedNumber.sum(query, $0, decimals: decimals) }
    }
    divisor = head.divisor == 1 ? nil : PrintedNumber(head.divisor, decimals: decimals)
    scaled = divisor.map { [products] divisor in
      products.map { $0.map { $0.divided(by: divisor, decimals: decimals) } }
    }
    bias = head.bias.map { printed($0, decimals) }
    biased = bias.map { [scaled, products] in (scaled ?? products).adding($0) }
    let beforeCap = biased ?? scaled ?? products
    capped = head.cap.map { cap in
      printed(beforeCap.map { $0.map { cap * tanh($0.value / cap) } }, decimals)
    }
    let softmax = PrintedSoftmax(capped ?? beforeCap, head.isAllowed, decimals: more)
    (maxima, exponentials, sums) = (softmax.maxima, softmax.exponentials, softmax.sums)
    weights = softmax.weights
    outputs = weights.map { [values] row in
      values.indices.map { column in
        PrintedNumber.sum(
          row.map { $0 ?? PrintedNumber(units: 0, decimals: more) }, values.map { $0[column] },
          decimals: decimals)
      }
    }
    deviation = zip(weights, head.weights).flatMap { zip($0, $1) }
      .reduce(0) { max($0, (($1.0?.value ?? 0) - $1.1).magnitude) }
  }
}

/// The softmax of printed scores by hand.
private struct PrintedSoftmax {
  let maxima: [PrintedNumber]?
  let exponentials: [[PrintedNumber?]]
  let sums: [PrintedNumber]
  let weights: [[PrintedNumber?]]

  init(_ scores: HandCalculation.Table, _ isAllowed: [[Bool]], decimals: Int) {
    let largest = zip(scores, isAllowed).map { row, isAllowed in
      zip(row, isAllowed).filter(\.1).map(\.0).max { $0.units < $1.units }
        ?? PrintedNumber(units: 0, decimals: decimals - 1)
    }
    // Beyond these e to the power of α has too many digits, or too few that are not 0.
    let isPlain = largest.allSatisfy { (-1...6).contains($0.value) }
    maxima = isPlain ? nil : largest
    let exponentials = scores.indices.map { row in
      zip(scores[row], isAllowed[row]).map { score, isAllowed -> PrintedNumber? in
        let least = isPlain ? 0 : largest[row].units
        let power = PrintedNumber(units: score.units - least, decimals: score.decimals)
        return isAllowed ? PrintedNumber(exp(power.value), decimals: decimals) : nil
      }
    }
    let sums = exponentials.map { row in
      PrintedNumber(units: row.reduce(0) { $0 + ($1?.units ?? 0) }, decimals: decimals)
    }
    (self.exponentials, self.sums) = (exponentials, sums)
    weights = zip(exponentials, sums).map { row, sum in
      row.map { $0.map { sum.units > 0 ? $0.divided(by: sum, decimals: decimals) : $0 } }
    }
  }
}

extension HandCalculation.Table {
  /// x W + b for every row.
  fileprivate func projected(
    _ projection: HandCalculation.Projection, _ decimals: Int
  ) -> HandCalculation.Table {
    map { row in
      projection.weight.indices.map { column in
        PrintedNumber.sum(
          row, projection.weight.map { $0[column] }, adding: projection.bias?[column],
          decimals: decimals)
      }
    }
  }

  /// The sums of two matrices of equal decimals.
  fileprivate func adding(_ other: HandCalculation.Table) -> HandCalculation.Table {
    zip(self, other).map {
      zip($0, $1).map { PrintedNumber(units: $0.units + $1.units, decimals: $0.decimals) }
    }
  }
}
