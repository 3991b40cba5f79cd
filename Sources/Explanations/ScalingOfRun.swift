public import Figures
internal import Tensors
public import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Scaling {
  /// One head's products q·k over √d_k, over √n and unscaled, each softmaxed.
  ///
  /// - Parameters:
  ///   - choice: The head.
  ///   - run: A run that recorded the scores of its layer.
  /// - Throws: `ModelError` when the scores were not recorded.
  public init(_ choice: HeadChoice, of run: Run) throws {
    let subject = HeadOfRun(choice, of: run)
    let (n, d) = (run.count, run.configuration.headWidth)
    let products = try subject.recorded(.query).reshaped([1, n, d])
      .headwiseProducts(with: try subject.recorded(.key).reshaped([1, n, d]), scale: 1)
    let own = Double(run.configuration.scales[choice.layer])
    let temperature = run.attentionTemperature[layer: choice.layer, head: choice.head]
    let divisors: [(String, Formula, Double)] = [
      ("By the head’s width", .root(.sub(.variable("d"), .variable("k"))), Double(d).squareRoot()),
      ("By the number of tokens", .root(.variable("n")), Double(n).squareRoot()),
      ("Unscaled", .word("1"), 1),
    ]
    let panels = divisors.map { name, formula, divisor in
      let weights = products.softmax(temperature: temperature * divisor, mask: subject.mask)
      return Self.panel(
        name, formula, divisor, weights, isOwn: abs(own * divisor - 1) < 1e-5,
        mask: run.mask(layer: choice.layer))
    }
    let sheet = MapSheet(
      rows: run.labels(focus: choice.focus), columns: run.labels(), panels: panels,
      marginName: ["entropy ", .formula(.variable("H"))], marginLimit: log(Double(max(n, 2))),
      legend: .weightsOfHead)
    self.init(
      caption: Caption(
        title: "One head’s products of queries and keys, scaled three ways",
        subtitle: [
          .text("\(run.model) · \(subject.place) · "),
          .formula(
            .row([
              .variable("a"), .sign("="), .word("softmax"),
              .parentheses(
                .row([.variable("q"), .sign("·"), .variable("k"), .sign("/"), .variable("s")])),
            ])),
          .text(
            " for three divisors s · \(n) tokens, head width "), .formula(.headWidth(d)),
          .text(" · rows: looks from, columns: looks at"),
        ],
        notes: subject.notes(Self.notes(n)), provenance: run.provenanceNote,
        summary: Self.summary(subject, panels)),
      sheet: sheet)
  }

  private static func panel(
    _ name: String, _ formula: Formula, _ divisor: Double, _ weights: Tensor, isOwn: Bool,
    mask: [Bool]?
  ) -> MapSheet.Panel {
    let entropies = weights.rowEntropies
    let mean = entropies.reduce(0, +) / Double(max(entropies.count, 1))
    let printed = mean > 0 && mean < 0.005 ? "<.01" : NumberFormat.fixed(mean, decimals: 2)
    let product: [Formula] = [.variable("q"), .sign("·"), .variable("k")]
    let by = divisor == 1 ? "" : ", divided by \(NumberFormat.fixed(divisor, decimals: 2))"
    return MapSheet.Panel(
      title: name,
      note: [
        .formula(.row(product + (divisor == 1 ? [] : [.sign("/"), formula]))),
        .text("\(by) · mean entropy \(printed)"),
      ], badge: isOwn ? "the model’s own" : nil, values: weights.numbersInside(masked: mask),
      mask: mask,
      margin: entropies)
  }

  private static func notes(_ n: Int) -> [[Inline]] {
    [
      [
        .text(
          "The bar at a row is its entropy in nats; full is ln \(n) = "
            + "\(NumberFormat.fixed(log(Double(n)), decimals: 2)), all keys alike. A sum of "),
        .formula(.sub(.variable("d"), .variable("k"))),
        " products of independent numbers of variance 1 has variance ",
        .formula(.sub(.variable("d"), .variable("k"))), ": divided by ",
        .formula(.root(.sub(.variable("d"), .variable("k")))),
        .text(
          " the scores keep their size whatever the width of a head. The number of tokens does not "
            + "enter; some articles write "), .formula(.root(.variable("n"))),
        ", a divisor that changes with every sentence.",
      ]
    ]
  }

  private static func summary(_ subject: HeadOfRun, _ panels: [MapSheet.Panel]) -> String {
    let means = panels.map { panel in
      let mean = panel.margin.reduce(0, +) / Double(max(panel.margin.count, 1))
      return "\(panel.title.lowercased()) \(NumberFormat.fixed(mean, decimals: 2))"
    }
    return "The products of queries and keys of layer \(subject.layer), head \(subject.head) of "
      + "\(subject.run.model) for \(subject.run.count) tokens, softmaxed with three divisors, as "
      + "heatmaps. Mean entropy of a row in nats: \(means.joined(separator: ", ")). Strongest, "
      + (panels.first.map {
        "\($0.title.lowercased()): \(subject.run.strongestLinks($0.values, keys: subject.run.count))."
      } ?? "")
  }
}

extension Formula {
  /// d_k = 64
  static func headWidth(_ width: Int) -> Formula {
    .row([.sub(.variable("d"), .variable("k")), .sign("="), .word(String(width))])
  }
}

extension Tensor {
  /// The weights, those that were rounded to 0 or 1 moved inside by the least step, so that no cell
  /// says "0" or "1" of a softmax over several keys. A row with one key has exactly 1.
  ///
  /// - Parameter masked: `true` where a pair is masked; `nil` for none.
  func numbersInside(masked: [Bool]?) -> [Float] {
    let keys = (0..<rows).map { row in
      (row * width..<(row + 1) * width).count { !(masked?[$0] ?? false) }
    }
    return numbers.enumerated().map { place, weight in
      guard keys[place / width] > 1 else { return weight }
      return weight == 1 ? Float(1).nextDown : weight == 0 ? Float.leastNonzeroMagnitude : weight
    }
  }

  /// The entropy −Σ a ln a of every row of weights, in nats.
  var rowEntropies: [Double] {
    withNumbers { a in
      (0..<rows).map { row in
        Distribution.entropy(of: a[row * width..<(row + 1) * width].map(Double.init))
      }
    }
  }
}
