import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Recordings of other programs (`Tests/Fixtures/recordings/make.py`), of this one, and broken ones.
@Suite struct RunReadingTests {
  static let folder = Fixtures.folder + "/recordings/"

  private func read(_ name: String, _ recording: Recording = .everything) throws -> Run {
    try Run(reading: ArchiveFile(Self.folder + name), recording: recording)
  }

  @Test func readsOnlyWeightsAndTokens() throws {
    let run = try read("encoder.safetensors")
    #expect(run.count == 6 && run.configuration.kind == .encoder)
    #expect(run.configuration.layers == 2 && run.configuration.heads == 2)
    #expect(run.trace[.weights, layer: 1]?.shape == [2, 6, 6])
    #expect(run.trace.masks.isEmpty && run.origin?.deviation == nil)
    #expect(run.origin?.text == nil && run.origin?.notes.count == 1)
    #expect(run.configuration.scales == [0, 0])
  }

  @Test func concludesADecoder() throws {
    let run = try read("decoder.npz")
    #expect(run.configuration.kind == .decoder)
    #expect(run.recordedLayers == [1, 3] && run.configuration.groups == 2)
    #expect(run.trace.masks[3] == .causal(queries: 9, keys: 9))
    #expect(run.encoding.ids == [3, 1, 4, 1, 5, 9, 2, 6, 0])
    #expect(run.configuration.headWidth == 6 && run.configuration.vocabulary == 12)
    let root = Float(1 / 6.0.squareRoot())
    #expect(run.configuration.scales == [0, root, 0, root])
    let notes = run.origin?.notes ?? []
    #expect(notes.count == 2 && notes[0].contains("zeros above") && notes[1].contains("No mask"))
    #expect(throws: ModelError.self) { try run.check(layer: 2) }
    #expect(throws: ModelError.self) { try run.check(layer: 1, head: 4) }
    try run.check(layer: 3, head: 3)
  }

  @Test func readsBothStacks() throws {
    let run = try read("seq2seq.safetensors")
    #expect(run.configuration.kind == .seq2seq && run.target?.count == 4)
    #expect(run.part(.cross).trace[.weights, layer: 0]?.shape == [2, 4, 3])
    #expect(run.part(.encoder).configuration.headWidth == 4)
    #expect(run.part(.decoder).trace.masks[0] == .causal(queries: 4, keys: 4))
    #expect(run.target?.text == " guten Morgen")
  }

  @Test func readsNoMoreThanIsAskedFor() throws {
    let run = try read("decoder.npz", Recording([.scores], layers: [3]))
    #expect(run.recordedLayers == [3] && run.origin?.layers[.sole] == [1, 3])
    #expect(Set(run.trace.tensors.keys.map(\.value)) == [.scores, .weights])
  }

  @Test(arguments: ["bert", "gpt2", "llama", "letters"])
  func readsItsOwnTraces(name: String) throws {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    var temperature = AttentionTemperature()
    temperature.set(.infinity, layers: 0..<1, heads: 1..<2)
    let run = try model.run(
      "naïve 東京, it’s", digest: "abc", pass: Pass(attentionTemperature: temperature))
    try withTemporaryFolder { folder in
      for format in ["safetensors", "npz", "json"] {
        let path = folder + "/trace." + format
        var bytes: [UInt8] = []
        switch format {
        case "npz": try run.archive().writeNPZ { bytes += $0 }
        case "json": try run.archive().writeJSON { bytes += $0 }
        default: try run.archive().writeSafeTensors { bytes += $0 }
        }
        try writeFile(path, bytes)
        let read = try Run(reading: ArchiveFile(path))
        #expect(read.trace.masks == run.trace.masks)
        #expect(Set(read.trace.tensors.keys) == Set(run.trace.tensors.keys))
        for (site, tensor) in run.trace.tensors {
          #expect(read.trace.tensors[site] == tensor, "\(site) in \(format)")
        }
        #expect(read.encoding.ids == run.encoding.ids && read.text == run.text)
        #expect(read.encoding.offsets == run.encoding.offsets)
        #expect(read.encoding.isSpecial == run.encoding.isSpecial)
        #expect(read.tokens.map(\.text) == run.tokens.map(\.text))
        #expect(read.tokens.map(\.source) == run.tokens.map(\.source))
        #expect(read.attentionTemperature == run.attentionTemperature)
        #expect(read.origin?.notes == [] && read.origin?.text == run.text)
        #expect(
          read.modelDigest == "abc" && read.model == name && read.generation == run.generation)
        #expect(read.target?.encoding.ids == run.target?.encoding.ids)
        let (own, its) = (read.configuration, run.configuration)
        #expect(own.kind == its.kind && own.layers == its.layers && own.heads == its.heads)
        #expect(own.groups == its.groups && own.headWidth == its.headWidth)
        #expect(own.scales == its.scales && own.width == its.width)
        #expect((own.normPlacement == .after) == (its.normPlacement == .after))
        if let json = run.generation {
          let generation = try #require(Generation(json, tokens: run.target?.count ?? run.count))
          #expect(generation.json(of: model) == json)
          #expect(Generation(json, tokens: 1) == nil)
        }
      }
    }
  }

  // MARK: broken recordings

  /// A sound decoder's recording of two tokens and one head, to be broken.
  static func archive(
    weights: [Float] = [1, 0, 0.25, 0.75], shape: [Int] = [1, 2, 2], name: String = weights,
    more: [(name: String, content: Archive.Content)] = [], _ words: [String: String?] = [:]
  ) -> Archive {
    var metadata = ["tokens": "[\"a\", \" b\"]"]
    for (key, value) in words { metadata[key] = value }
    return Archive(
      [(name, .floats(Tensor(weights, shape: shape)))] + more,
      metadata: metadata.map { ($0.key, $0.value) })
  }

  static let weights = "layers.0.attention.weights"

  private func open(_ archive: Archive) throws -> Run {
    try withTemporaryFolder { folder in
      var bytes: [UInt8] = []
      try archive.writeSafeTensors { bytes += $0 }
      try writeFile(folder + "/x.safetensors", bytes)
      return try Run(reading: ArchiveFile(folder + "/x.safetensors"))
    }
  }

  static let broken: [(Archive, String)] = [
    (archive(name: "weights"), "no attention weights"),
    (archive(name: "layers.-1.attention.weights"), "no attention weights"),
    (archive(name: "layers.99999999999.attention.weights"), "names a layer above"),
    (archive(name: "decoder.layers.0.attention.weights"), "no target_tokens"),
    (
      archive(more: [
        ("encoder.layers.0.attention.weights", .floats(Tensor([1], shape: [1, 1, 1])))
      ]),
      "one stack and of an encoder"
    ),
    (archive(["tokens": nil]), "no tokens"),
    (archive(["tokens": "{"]), "tokens"),
    (archive(["tokens": "[1, 2]"]), "list of strings"),
    (archive(["tokens": "[]"]), "list of strings"),
    (archive(["tokens": "[\"a\"]"]), "expected [1, 1, 1]"),
    (archive(["kind": "thing"]), "kind"),
    (archive(["kind": "seq2seq"]), "kind"),
    (archive(["offsets": "[[0, 1]]", "text": "a b"]), "offsets are 1"),
    (archive(["offsets": "[[0, 1], [3, 2]]", "text": "a b"]), "offsets"),
    (archive(["attention_tau": "-1"]), "attention_tau"),
    (archive(["attention_tau": "[[1, \"x\"]]"]), "attention_tau"),
    (archive(weights: [1, 0, -0.25, 1.25]), "row 1, column 0 is -0.25"),
    (archive(weights: [1, 0, .nan, 1]), "nan"),
    (archive(weights: [1, 0, 3, 1]), "is 3.0"),
    (archive(weights: [0.5, 0.5, 0.25, 0.75], ["kind": "decoder"]), "mask hides"),
    (archive(weights: [1, 0, 0, 1, 1, 0, 0, 1], shape: [2, 1, 2, 2]), "batch axis"),
    (archive(weights: [1, 0, 0, 1], shape: [2, 2]), "shape is [2, 2]"),
    (
      archive(more: [("layers.0.attention.scores", .floats(Tensor([1, 2], shape: [1, 1, 2])))]),
      "layers.0.attention.scores: its shape"
    ),
    (
      archive(more: [
        ("layers.0.attention.scores", .floats(Tensor([1, 2, .nan, 4], shape: [1, 2, 2])))
      ]), "no finite number"
    ),
    (
      archive(more: [("layers.0.attention.k", .floats(Tensor([1, 2, 3, 4], shape: [2, 2, 1])))]),
      "do not share"
    ),
    (
      archive(more: [("layers.0.attention.mask", .bytes([1, 0, 1], shape: [3]))]), "mask: its shape"
    ),
    (
      archive(
        weights: [1, 0, 0, 0.25, 0.75, 0, 0.5, 0, 0.5], shape: [1, 3, 3],
        more: [("layers.0.attention.mask", .bytes([1, 0, 0, 1, 1, 0, 1, 0, 1], shape: [3, 3]))],
        ["tokens": "[\"a\", \"b\", \"c\"]"]), "have a gap"
    ),
    (archive(more: [("ids", .integers([1, 2, 3]))]), "its ids have the shape [3]"),
    (archive(more: [("ids", .floats(Tensor([1, 2], shape: [2])))]), "not whole numbers"),
    (archive(more: [("logits", .floats(Tensor([1, .infinity], shape: [1, 2])))]), "logits"),
    (archive(more: [("logits", .floats(Tensor([], shape: [2, 0])))]), "logits: its shape"),
    (archive(["generation": "{"]), "generation"),
  ]

  @Test(arguments: broken.indices)
  func refusesBrokenRecordings(index: Int) throws {
    let (archive, words) = Self.broken[index]
    let error = try #require(fileError { _ = try self.open(archive) }, "\(words)")
    #expect(error.kind == .badData && error.description.contains(words), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test func aSoundOneIsRead() throws {
    let run = try open(Self.archive())
    #expect(run.configuration.kind == .decoder && run.trace.masks[0] != nil)
    // −∞ where the mask hides a score is no mistake.
    let scores: [Float] = [1, -.infinity, 1, 2]
    let masked = try open(
      Self.archive(more: [("layers.0.attention.scores", .floats(Tensor(scores, shape: [1, 2, 2])))])
    )
    #expect(masked.trace[.scores, layer: 0]?.numbers == scores)
  }

  @Test func saysHowFarRowsAreFromOne() throws {
    let run = try open(Self.archive(weights: [1, 0, 0.25, 0.5]))
    let deviation = try #require(run.origin?.deviation)
    #expect(deviation.size == 0.25 && deviation.place.hasSuffix("head 0, row 1"))
    #expect(try open(Self.archive(weights: [1, 0, 0.2501, 0.75])).origin?.deviation == nil)
  }

  @Test func namesOfSitesAreTheirDescriptions() {
    for stack in Site.Stack.allCases {
      for value in Site.Value.allCases {
        let site = Site(value, layer: value.isInLayer ? 7 : nil, of: stack)
        // A cross-attention's output is the only one of that name.
        guard site.stack == stack, stack != .cross || value != .output else { continue }
        #expect(Site(name: site.description) == site)
      }
    }
    for name in ["layers.x.output", "layers.1", "encoder.logits", "output", "cross_attention.q"] {
      #expect(Site(name: name) == nil)
    }
  }
}
