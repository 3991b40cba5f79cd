import Analysis
import Explanations
import Figures
import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct NeighboursOfRunTests {
  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  /// The embedding is the word vector where nothing is added to it: after an edit that puts a word
  /// vector in the place of a layer's output, that word is the nearest.
  @Test(arguments: ["bert", "gpt2"]) func findsWhatAVectorIs(name: String) throws {
    let model = try model(name)
    let transformer = model.transformer
    let id = try #require(
      model.tokenizer.encode("river").ids.dropFirst(name == "bert" ? 1 : 0).first)
    let pass = Pass(edits: [
      Site(.output, layer: 0): { output in
        transformer.wordVectors(Array(repeating: id, count: output.rows))
      }
    ])
    let run = try model.run("the cat", pass: pass)
    let figure = try Neighbours(of: run, model: model, layer: 0, showing: 3)
    for row in figure.rows {
      #expect(row.after.first?.token.text == model.tokenizer.display(id: id).text)
      #expect((row.after.first?.cosine ?? 0) > 0.9999)
      #expect(row.before.count == 3 && !row.before.contains(where: \.isOwn))
    }
    let notes = figure.caption.notes.flatMap { $0 }.map { "\($0)" }.joined()
    #expect(notes.contains("left out"))
  }

  @Test func leavesSpecialTokensOut() throws {
    let model = try model("bert")
    let run = try model.run("the cat")
    let figure = try Neighbours(of: run, model: model, layer: 1, showing: 400)
    #expect(figure.rows.count == run.tokens.count { $0.kind != .special })
    let shown = Set(figure.rows.flatMap { $0.before + $0.after }.map(\.token.text))
    #expect(shown.isDisjoint(with: ["[CLS]", "[SEP]", "[PAD]", "[MASK]"]) && shown.count > 100)
    #expect(throws: ModelError.self) {
      try Neighbours(of: run, model: model, layer: 2, showing: 3)
    }
    #expect(throws: ModelError.self) {
      try Neighbours(of: model.run(""), model: model, layer: 1, showing: 3)
    }
  }

  @Test func readsWordsOfAFile() throws {
    let vectors = try withTemporaryFolder { folder in
      try writeFile(folder + "/v", "king 1 0 0\nqueen .9 .3 0\nparis 0 0 1\n. 0 1 0\n")
      return try WordVectors(folder + "/v")
    }
    let figure = try Neighbours(
      of: "\"King,\" Queen. zebra", in: vectors, named: "v", through: .identity, showing: 2)
    #expect(figure.rows.map(\.token.text) == ["king", "queen", "."])
    #expect(figure.rows[0].before.first?.token.text == "queen")
    let notes = figure.caption.notes.flatMap { $0 }.map { "\($0)" }.joined()
    #expect(notes.contains("zebra") && notes.contains("identity"))
    #expect(throws: ModelError.self) {
      try Neighbours(of: "zebra", in: vectors, named: "v", through: .identity, showing: 2)
    }
  }
}
