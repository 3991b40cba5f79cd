#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Rows of numbers in double precision.
typealias Rows = [[Double]]

/// The layers as their papers have them, in double precision and with nothing of the program's:
/// parameters go by their names in a checkpoint.
struct LayerFormulas {
  /// The parameters, row by row.
  var parameters: [String: [Double]]

  /// Rows of a table.
  func rows(_ name: String, of tokens: [Int], width: Int) -> Rows {
    let table = parameters[name] ?? []
    return tokens.map { Array(table[$0 * width..<($0 + 1) * width]) }
  }

  /// x·Wᵀ + b; `range` takes some of the outputs, and `isTransposed` says that W is `[in, out]`.
  func linear(
    _ x: Rows, _ name: String, bias: String? = nil, outputs: Range<Int>? = nil,
    isTransposed: Bool = false
  ) -> Rows {
    let weight = parameters[name] ?? []
    let inputs = x[0].count
    let all = weight.count / inputs
    let added = bias.flatMap { parameters[$0] }
    return x.map { row in
      (outputs ?? 0..<all).map { output in
        (0..<inputs).reduce(added?[output] ?? 0) {
          $0 + row[$1] * weight[isTransposed ? $1 * all + output : output * inputs + $1]
        }
      }
    }
  }

  /// Ba et al. 2016, eq. 4.
  func layerNorm(_ x: Rows, _ name: String, epsilon: Double) -> Rows {
    let (weight, bias) = (parameters[name + ".weight"] ?? [], parameters[name + ".bias"] ?? [])
    return x.map { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      return row.indices.map {
        (row[$0] - mean) / (variance + epsilon).squareRoot() * weight[$0] + bias[$0]
      }
    }
  }

  /// Zhang and Sennrich 2019, eq. 4.
  func rootMeanSquareNorm(_ x: Rows, _ name: String, epsilon: Double) -> Rows {
    let weight = parameters[name + ".weight"] ?? []
    return x.map { row in
      let mean = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
      return row.indices.map { row[$0] / (mean + epsilon).squareRoot() * weight[$0] }
    }
  }

  /// softmax(QKᵀ/√d)V of every head, side by side (Vaswani et al. 2017, eq. 1); several heads of
  /// queries may share one of keys (Ainslie et al. 2023).
  func attention(
    _ queries: Rows, _ keys: Rows, _ values: Rows, heads: Int, isCausal: Bool
  ) -> Rows {
    let width = queries[0].count / heads
    let shared = heads / (keys[0].count / width)
    return queries.indices.map { i in
      (0..<heads).flatMap { head -> [Double] in
        let (q, k) = (head * width, head / shared * width)
        let scores = keys.indices.prefix(isCausal ? i + 1 : keys.count).map { j in
          (0..<width).reduce(0) { $0 + queries[i][q + $1] * keys[j][k + $1] }
            / Double(width).squareRoot()
        }
        let exponentials = scores.map(exp)
        let total = exponentials.reduce(0, +)
        return (0..<width).map { place in
          exponentials.indices.reduce(0) { $0 + exponentials[$1] / total * values[$1][k + place] }
        }
      }
    }
  }

  /// Rotary positions over the two halves of a head (Su et al. 2021, eq. 34).
  func rotated(_ x: Rows, width: Int, base: Double) -> Rows {
    x.enumerated().map { position, row in
      row.indices.map { place in
        let (inside, half) = (place % width, width / 2)
        let angle = Double(position) * pow(base, -2 * Double(inside % half) / Double(width))
        let other = inside < half ? -row[place + half] : row[place - half]
        return row[place] * cos(angle) + other * sin(angle)
      }
    }
  }

  /// The mean of −ln p of answers.
  func loss(_ logits: Rows, answers: [Int]) -> Double {
    zip(logits, answers).reduce(0) { sum, pair in
      sum + log(pair.0.reduce(0) { $0 + exp($1) }) - pair.0[pair.1]
    } / Double(answers.count)
  }
}

/// The sum of rows.
func + (left: Rows, right: Rows) -> Rows {
  zip(left, right).map { zip($0, $1).map { $0 + $1 } }
}

extension Rows {
  /// A function of every number.
  func each(_ function: (Double) -> Double) -> Rows { map { $0.map(function) } }
}
