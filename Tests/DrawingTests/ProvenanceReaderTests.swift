import Drawing
import Figures
import Testing

@Suite struct ProvenanceReaderTests {
  init() throws { try PinnedFonts.use() }

  static let texts = [
    "{}", #"{"text":"plain"}"#, #"{"text":"naïve 東京 🙂 שלום مرحبا हिन्दी"}"#,
    #"{"text":"a \\ \" ( ) (( ]]> <b> & &amp; ' </metadata> \n\r\u0000 endobj %"}"#,
    #"{"text":"\#(String(repeating: "(long) 🙂 ", count: 500))"}"#,
  ]

  @Test(arguments: FileFormat.allCases, texts)
  func whatWasWrittenIsRead(_ format: FileFormat, _ text: String) throws {
    var scene = Samples.everything
    scene.title = "a title (with /Keywords (no) <metadata>{}</metadata> trailer 🙂"
    #expect(try provenance(inFile: scene.data(Export(format, provenance: text))) == text)
  }

  @Test(arguments: FileFormat.allCases) func aPictureMayHaveNone(_ format: FileFormat) throws {
    #expect(try provenance(inFile: Samples.everything.data(Export(format))) == nil)
  }

  @Test(arguments: FileFormat.allCases) func cutFilesAreErrors(_ format: FileFormat) throws {
    let file = try Samples.everything.data(Export(format, provenance: "{}"))
    for length in stride(from: 0, to: file.count - 20, by: max(1, file.count / 200)) {
      #expect(kind { _ = try provenance(inFile: Array(file.prefix(length))) } == .badFile)
    }
  }

  /// Changes one byte after the other: nothing may crash.
  @Test(arguments: FileFormat.allCases) func damagedFilesAreReadOrRefused(_ format: FileFormat)
    throws
  {
    let scene = Samples.page([], side: 9)
    let file = try scene.data(Export(format, provenance: #"{"a":"é(\\)"}"#))
    for index in file.indices {
      for byte in [0, 0x28, 0x3C, 0x3E, 0x5C, 0xFF] as [UInt8] {
        var damaged = file
        damaged[index] = byte
        do { _ = try provenance(inFile: damaged) } catch { #expect(error is DrawingError) }
      }
    }
  }

  @Test func aDamagedTextInAPNGIsAnError() throws {
    var file = try Samples.page([]).data(Export(.png, provenance: #"{"text":"plain"}"#))
    let place = try #require(file.firstRange(of: Array("plain".utf8))).lowerBound
    file[place] ^= 1
    #expect(kind { _ = try provenance(inFile: file) } == .badFile)
  }

  @Test(arguments: ["", "GIF89a", "<html></html>", "{}"])
  func otherFilesAreErrors(_ text: String) {
    #expect(kind { _ = try provenance(inFile: Array(text.utf8)) } == .badFile)
  }

  @Test(arguments: [
    "<svg><metadata id=\"m\"><rdf:RDF/></metadata></svg>", "<svg><metadata/></svg>\n",
    "<svg></svg>",
  ])
  func metadataOfOtherProgramsAreNone(_ text: String) throws {
    #expect(try provenance(inFile: Array(text.utf8)) == nil)
  }
}
