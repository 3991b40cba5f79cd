import Files
public import TensorFiles
import Tensors
import Tokenization

extension Run {
  /// The recorded tensors with the names, shapes and metadata of a trace file.
  public func archive() -> Archive {
    var arrays: [(name: String, content: Archive.Content)] = [("ids", .integers(encoding.ids))]
    if let target { arrays.append(("decoder_ids", .integers(target.encoding.ids))) }
    for site in sitesInOrder {
      guard let tensor = trace.tensors[site] else { continue }
      arrays.append((site.description, .floats(tensor)))
    }
    let (prefix, count) = target.map { ("decoder.", $0.count) } ?? ("", count)
    for (layer, mask) in trace.masks.sorted(by: { $0.key < $1.key }) {
      let bytes: [UInt8] = mask.ranges.flatMap { keys in
        (0..<count).map { keys.contains($0) ? 1 : 0 }
      }
      arrays.append(
        ("\(prefix)layers.\(layer).attention.mask", .bytes(bytes, shape: [count, count])))
    }
    return Archive(arrays, metadata: metadata)
  }

  /// What the archive of a run will hold, before the model runs.
  ///
  /// - Parameters:
  ///   - rows: Which rows get logits.
  ///   - temperatures: Where the next token's distribution is to be recorded.
  func outline(
    _ transformer: Transformer, rows: Pass.Rows, temperatures: [Double]
  ) -> Archive.Outline {
    let rows =
      switch rows {
      case .all: count
      case .last: 1
      case .some(let places): places.count
      case .none: 0
      }
    var entries = [Archive.Outline.Entry("ids", .integer, shape: [count])]
    for site in sitesInOrder {
      let shape: [Int]? =
        switch site.value {
        case .nextTemperatures: temperatures.isEmpty ? nil : [temperatures.count]
        case .nextProbabilities:
          temperatures.isEmpty
            ? nil
            : transformer.shape(of: Site(.logits), tokens: count, rows: 1)
              .map { [temperatures.count, $0[1]] }
        default:
          recording.keeps(site) ? transformer.shape(of: site, tokens: count, rows: rows) : nil
        }
      guard let shape else { continue }
      entries.append(Archive.Outline.Entry(site.description, .float, shape: shape))
    }
    for layer in 0..<configuration.layers
    where recording.keepsMask(of: layer) && transformer.isMasked(layer: layer) {
      let name = "layers.\(layer).attention.mask"
      entries.append(Archive.Outline.Entry(name, .byte, shape: [count, count]))
    }
    return Archive.Outline(entries, metadata: metadata)
  }

  /// Every recorded place in the order of computation.
  private var sitesInOrder: [Site] {
    let stacks: [[Site.Stack]] =
      configuration.encoder == nil ? [[.sole]] : [[.encoder], [.decoder, .cross]]
    let inStacks = stacks.flatMap { parts in
      let inLayers = (0..<configuration.shape(of: parts[0]).layers).flatMap { layer in
        parts.flatMap { part in
          Site.Value.allCases.filter(\.isInLayer).map { Site($0, layer: layer, of: part) }
        }
      }
      return [Site(.embedding, of: parts[0])] + inLayers + [Site(.finalHidden, of: parts[0])]
    }
    return inStacks + Site.Value.allCases.filter { !$0.isInStack }.map { Site($0) }
  }

  private var metadata: [(key: String, value: String)] {
    var all: [(key: String, value: String)] = [
      ("schema", "attnviz.trace/1"),
      ("model", model),
      ("kind", configuration.kind.rawValue),
      ("text", text),
      ("tokens", JSON.array(encoding.tokens.map(JSON.string)).text()),
      (
        "offsets",
        JSON.array(encoding.offsets.map { [.integer($0.lowerBound), .integer($0.upperBound)] })
          .text()
      ),
      ("attention_tau", attentionTemperature.json(configuration).text()),
      ("recording", recording.json.text()),
    ]
    if let target {
      all += [
        ("target_ids", JSON.array(target.encoding.ids.map(JSON.integer)).text()),
        ("target_tokens", JSON.array(target.encoding.tokens.map(JSON.string)).text()),
        ("target_text", target.text),
      ]
    }
    if let modelDigest { all.append(("model_sha256", modelDigest)) }
    if let pair { all.append(("text_pair", pair)) }
    if let generation { all.append(("generation", generation.text())) }
    return all
  }
}

extension Recording {
  /// What was kept, for the metadata of a trace.
  fileprivate var json: JSON {
    let names = Site.Value.allCases.filter(values.contains).map { JSON.string($0.rawValue) }
    let kept: JSON = layers.map { .array($0.sorted().map(JSON.integer)) } ?? "all"
    return ["values": .array(names), "layers": kept]
  }
}
