import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// A trace that is written while the model runs has the bytes of one that was kept in memory.
@Suite struct RunRecordingTests {
  static let text = "The cat didn't cross the river."

  static let recordings = [
    Recording.everything, Recording([.weights, .scores], layers: [1]), Recording([.output]),
    Recording([.logits]), .nothing,
  ]

  @Test(arguments: ParityTests.names)
  func sameBytes(name: String) throws {
    try compare(try Model(folder: Fixtures.folder + "/models/" + name, name: name))
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: ParityTests.further)
  func sameBytesInEveryFamily(name: String) throws {
    let folder = try #require(Fixtures.parity) + "/models/" + name
    try compare(try Model(folder: folder, name: name))
  }

  private func compare(_ model: Model) throws {
    for recording in Self.recordings {
      let isRecorded = recording.values.contains(.logits)
      let pass = Pass(recording: recording, logits: isRecorded ? .all : .none)
      let archive = try model.run(Self.text, pass: pass).archive()
      for format in [SafeTensorsWriter.self, NPZWriter.self, JSONArchiveWriter.self]
        as [any ArchiveWriter.Type]
      {
        let written = try bytes(model, pass, as: format)
        #expect(written == (try bytes(archive, as: format)), "\(format) of \(recording.values)")
      }
    }
  }

  /// The next token's distribution is made of logits that are not recorded.
  @Test(arguments: [true, false])
  func distributionsAreRecorded(withLogits: Bool) throws {
    let model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    let recording = Recording(withLogits ? [.weights, .logits] : [.weights])
    let rows = withLogits ? Pass.Rows.all : .last
    let pass = Pass(recording: recording, logits: rows)
    var whole = Pass(recording: recording, logits: rows)
    whole.recording.values.insert(.logits)
    var run = try model.run(Self.text, pass: whole)
    try run.recordNextToken(at: [0, 1, .infinity])
    if !withLogits { run.trace.tensors[Site(.logits)] = nil }
    run.recording = recording
    let expected = try bytes(run.archive(), as: SafeTensorsWriter.self)
    #expect(
      try bytes(model, pass, at: [0, 1, .infinity], as: SafeTensorsWriter.self) == expected)
  }

  /// What was written is in memory no more.
  @Test func keepsNothingOfALayer() throws {
    let model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    let (run, notFinite) = try model.record(Self.text, pass: Pass()) { outline in
      ArchiveStream(outline, as: SafeTensorsWriter.self) { _ in }
    }
    #expect(Set(run.trace.tensors.keys) == [Site(.logits)])
    #expect(notFinite == nil)
  }

  /// A text that cannot be run leaves nothing written; a failure to write is told.
  @Test func failsBeforeItWrites() throws {
    let model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    let collector = Collector()
    #expect(throws: ModelError.self) {
      try model.record("", pass: Pass()) { outline in
        ArchiveStream(outline, as: SafeTensorsWriter.self) { collector.bytes += $0 }
      }
    }
    #expect(collector.bytes.isEmpty)
    #expect(throws: FileError.self) {
      try model.record(Self.text, pass: Pass()) { outline in
        ArchiveStream(outline, as: SafeTensorsWriter.self) { _ in
          throw FileError(.inputOutput, "f", "the disk is full")
        }
      }
    }
  }

  /// The first value that is not finite, though it was written and forgotten.
  @Test func tellsWhatIsNotFinite() throws {
    let model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    let site = Site(.context, layer: 1)
    let pass = Pass(edits: [
      site: { Tensor(Array(repeating: .nan, count: $0.count), shape: $0.shape) }
    ])
    let (_, notFinite) = try model.record(Self.text, pass: pass) { outline in
      ArchiveStream(outline, as: NPZWriter.self) { _ in }
    }
    #expect(notFinite == site)
  }

  private final class Collector {
    var bytes: [UInt8] = []
  }

  private func bytes(
    _ model: Model, _ pass: Pass, at temperatures: [Double] = [], as format: any ArchiveWriter.Type
  ) throws -> [UInt8] {
    let collector = Collector()
    _ = try model.record(Self.text, pass: pass, temperatures: temperatures) { outline in
      ArchiveStream(outline, as: format) { collector.bytes += $0 }
    }
    return collector.bytes
  }

  private func bytes(_ archive: Archive, as format: any ArchiveWriter.Type) throws -> [UInt8] {
    var all: [UInt8] = []
    if format == SafeTensorsWriter.self { try archive.writeSafeTensors { all += $0 } }
    if format == NPZWriter.self { try archive.writeNPZ { all += $0 } }
    if format == JSONArchiveWriter.self { try archive.writeJSON { all += $0 } }
    return all
  }
}
