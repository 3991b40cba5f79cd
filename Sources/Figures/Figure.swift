/// A picture as data: what is shown. With a style it becomes a scene: where it is shown.
public protocol Figure: Sendable {
  /// The name in the catalogue and on the command line.
  static var name: String { get }

  /// Lays the figure out.
  func scene(in style: Style) -> Scene
}
