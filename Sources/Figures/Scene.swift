/// A finished picture: marks at fixed positions, ready for any surface.
///
/// Marks are painted in order. A scene is a value: it can be compared, printed and tested without
/// a surface or a font.
public struct Scene: Equatable, Sendable {
  /// The page, in points.
  public var size: Size
  /// The colour under everything; `nil` is transparent.
  public var background: Color?
  /// The marks, bottom first.
  public var marks: [Mark]
  /// The figure's name for people who cannot see it: SVG `<title>`, PDF Title.
  public var title: String
  /// What the figure shows, written from its numbers: SVG `<desc>`, PDF Subject, `--alt`.
  public var summary: String

  /// Creates a scene.
  public init(
    size: Size, background: Color?, marks: [Mark] = [], title: String = "", summary: String = ""
  ) {
    self.size = size
    self.background = background
    self.marks = marks
    self.title = title
    self.summary = summary
  }
}

/// The five kinds of mark a scene is made of.
public indirect enum Mark: Equatable, Sendable {
  /// Lines and areas.
  case path(Path)
  /// One line of text.
  case text(Text)
  /// A grid of colours, each cell a crisp rectangle at any zoom.
  case image(Image)
  /// Marks that are clipped or moved together.
  case group(Group)
  /// Marks with a name: a role for readers, an anchor for links and tests.
  case label(Label)
}

/// Lines and areas.
public struct Path: Equatable, Sendable {
  /// One step of a path, in points.
  public enum Step: Equatable, Sendable {
    /// Begins a new piece.
    case move(Point)
    /// A straight line.
    case line(Point)
    /// A cubic Bézier curve with two control points.
    case curve(Point, Point, Point)
    /// A straight line back to the piece's beginning.
    case close
  }

  /// How a line is drawn.
  public struct Stroke: Equatable, Sendable {
    /// The colour.
    public var color: Color
    /// The width, in points.
    public var width: Double
    /// Lengths of dashes and gaps, in points; empty for a solid line.
    public var dash: [Double]
    /// Whether ends and corners are round.
    public var isRound: Bool

    /// Creates a stroke.
    public init(_ color: Color, width: Double, dash: [Double] = [], isRound: Bool = false) {
      self.color = color
      self.width = width
      self.dash = dash
      self.isRound = isRound
    }
  }

  /// The outline.
  public var steps: [Step]
  /// The colour inside; `nil` for none.
  public var fill: Color?
  /// The line; `nil` for none.
  public var stroke: Stroke?

  /// Creates a path.
  public init(_ steps: [Step], fill: Color? = nil, stroke: Stroke? = nil) {
    self.steps = steps
    self.fill = fill
    self.stroke = stroke
  }
}

/// One line of text: one font, one colour, never wrapped. Pango lays it out, so any script, any
/// direction and emoji are right.
public struct Text: Equatable, Sendable {
  /// The anchor on the baseline that `position` names.
  public enum Alignment: Equatable, Sendable {
    case start, middle, end
  }

  /// The characters; no newlines or control characters (see `TokenLabel` for what stands for them).
  public var string: String
  /// The font.
  public var font: Font
  /// The colour.
  public var color: Color
  /// The anchor's place on the baseline.
  public var position: Point
  /// Which part of the text stands at `position`.
  public var alignment: Alignment
  /// Clockwise rotation about `position`, in degrees; −90 reads upward.
  public var rotation: Double

  /// Creates a text.
  public init(
    _ string: String, font: Font, color: Color, at position: Point,
    alignment: Alignment = .start, rotation: Double = 0
  ) {
    self.string = string
    self.font = font
    self.color = color
    self.position = position
    self.alignment = alignment
    self.rotation = rotation
  }
}

/// A font by its role; the surface chooses the family.
public struct Font: Hashable, Sendable {
  /// What the text is for.
  public enum Family: Hashable, Sendable {
    /// Words and tabular numbers: Inter, else DejaVu Sans.
    case text
    /// Formulas, upright: STIX, else DejaVu Serif.
    case formula
    /// Variables in formulas: STIX italic.
    case variable
    /// Cells of a terminal, every character as wide: DejaVu Sans Mono.
    case cells
  }

  /// The stroke's thickness.
  public enum Weight: Int, Hashable, Sendable {
    case regular = 400
    case medium = 500
    case semibold = 600
  }

  /// The role.
  public var family: Family
  /// The size of the em, in points.
  public var size: Double
  /// The weight.
  public var weight: Weight

  /// Creates a font.
  public init(_ family: Family = .text, size: Double, weight: Weight = .regular) {
    self.family = family
    self.size = size
    self.weight = weight
  }
}

/// A grid of colours, drawn without smoothing and without seams.
public struct Image: Equatable, Sendable {
  /// Cells per row.
  public var columns: Int
  /// Number of rows.
  public var rows: Int
  /// The colours that occur, at most 256.
  public var palette: [Color]
  /// One index into `palette` per cell, row by row.
  public var cells: [UInt8]
  /// Where the image stands, in points.
  public var frame: Rectangle

  /// Creates an image; `cells` holds `columns` × `rows` indices.
  public init(columns: Int, rows: Int, palette: [Color], cells: [UInt8], frame: Rectangle) {
    precondition(cells.count == columns * rows, "\(cells.count) cells for \(columns) × \(rows)")
    self.columns = columns
    self.rows = rows
    self.palette = palette
    self.cells = cells
    self.frame = frame
  }
}

/// Marks that are clipped or moved together.
public struct Group: Equatable, Sendable {
  /// The marks, bottom first, in the group's own coordinates.
  public var marks: [Mark]
  /// Where the group's origin stands.
  public var origin: Point
  /// Everything outside this outline (in the group's coordinates) is cut off; `nil` for no cut.
  public var clip: [Path.Step]?

  /// Creates a group.
  public init(_ marks: [Mark], at origin: Point = Point(0, 0), clip: [Path.Step]? = nil) {
    self.marks = marks
    self.origin = origin
    self.clip = clip
  }
}

/// Marks with a name.
public struct Label: Equatable, Sendable {
  /// The name, unique in its scene, in kebab case: `grid`, `legend`, `row-3`.
  public var name: String
  /// What the marks show, for people who cannot see them; empty where the texts say it.
  public var summary: String
  /// The marks.
  public var marks: [Mark]

  /// Creates a label.
  public init(_ name: String, summary: String = "", _ marks: [Mark]) {
    self.name = name
    self.summary = summary
    self.marks = marks
  }
}
