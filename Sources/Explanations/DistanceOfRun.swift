internal import Analysis
public import Figures
internal import Tensors
public import Transformers

extension Distance {
  /// How far every head of a run looks.
  ///
  /// - Parameters:
  ///   - run: A run that recorded the weights of every layer.
  ///   - asked: A head that is to be named, with those that stand out.
  /// - Throws: `ModelError` when weights were not recorded, or there is no such head.
  public init(of run: Run, naming asked: ArcsChoice.Place? = nil) throws {
    let shape = run.configuration
    guard run.count > 1 else {
      throw ModelError(.badText, "a text of one token has no distances; write more")
    }
    if let asked { try run.check(layer: asked.layer, head: asked.head) }
    var profiles: [DistanceProfile] = []
    let layers = run.origin == nil ? Array(0..<shape.layers) : run.recordedLayers
    for layer in layers {
      guard let weights = run.trace[.weights, layer: layer] else {
        throw run.missing(.weights, layer: layer)
      }
      profiles += (0..<shape.heads).map { DistanceProfile(weights.slice($0)) }
    }
    let baseline = DistanceProfile(
      uniform: run.count, mask: layers.first.flatMap { run.trace.masks[$0] })
    let places = profiles.indices.map {
      Gallery.Head(layer: layers[$0 / shape.heads], head: $0 % shape.heads)
    }
    let order = profiles.indices.sorted {
      (profiles[$0].mean, $0) < (profiles[$1].mean, $1)
    }
    var named: [(Int, String)] = []
    func name(_ index: Int, _ word: String) {
      guard !named.contains(where: { $0.0 == index }) else { return }
      let mean = NumberFormat.fixed(profiles[index].mean, decimals: 1)
      named.append((index, "\(word), mean \(mean)"))
    }
    if let asked, let row = layers.firstIndex(of: asked.layer) {
      name(row * shape.heads + asked.head, "asked for")
    }
    if let first = order.first { name(first, "nearest") }
    if order.count > 2 { name(order[order.count / 2], "median") }
    if let last = order.last { name(last, "farthest") }
    self.init(
      caption: DistanceWords(
        run: run, layers: layers, profiles: profiles, baseline: baseline, order: order
      ).caption(asked),
      layers: layers, heads: Array(0..<shape.heads),
      profiles: profiles.map(\.mass), baseline: baseline.mass,
      named: named.map { Named(places[$0.0], fact: $0.1) })
  }
}

private struct DistanceWords {
  let run: Run
  let layers: [Int]
  let profiles: [DistanceProfile]
  let baseline: DistanceProfile
  let order: [Int]

  private var all: Int { profiles.count }

  private func place(_ index: Int) -> String {
    "L\(layers[index / run.configuration.heads])H\(index % run.configuration.heads)"
  }

  private func number(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 1) }

  func caption(_ asked: ArcsChoice.Place?) -> Caption {
    let far = profiles.count { $0.mean > baseline.mean }
    let sink =
      layers.first.flatMap { run.trace.masks[$0] } == nil
      ? "" : " A head that rests on the first token looks far from most queries."
    return Caption(
      title: "How far the heads of \(run.modelWords) look",
      subtitle: [
        .text(
          "\(run.sheet) · \(run.count) tokens · "
            + "weight a summed by distance "),
        .formula(
          .row([.word("|"), .variable("i"), .sign("−"), .variable("j"), .word("|")])),
        " · mean over queries",
      ],
      notes: [
        [
          .text(
            "Named: the heads with the smallest, the median and the largest mean distance of \(all)"
              + (asked == nil ? "" : ", and the one that was asked for")
              + ". \(far) of \(all) heads look farther on average than one that looks everywhere alike "
              + "(\(number(baseline.mean)) tokens)."
              + sink + " Special tokens are keys like any other here; nothing is left out.")
        ]
      ] + (run.normalisationNote.map { [$0] } ?? []),
      provenance: run.provenanceNote, summary: summary(far))
  }

  private func summary(_ far: Int) -> String {
    let ends = [order.first, order.last].compactMap(\.self).map {
      "\(place($0)) \(number(profiles[$0].mean))"
    }
    return "The share of weight at each distance between query and key, for all \(all) heads of "
      + "\(run.model) and \(run.count) tokens, one small area a head. Mean distance in tokens: "
      + "nearest \(ends.first ?? ""), farthest \(ends.last ?? ""); a uniform head has "
      + "\(number(baseline.mean)), and \(far) heads look farther than that."
  }
}
