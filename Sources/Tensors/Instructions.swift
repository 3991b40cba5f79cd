internal import CKernels

/// The instruction set that the row kernels run with.
public enum Instructions {
  /// Its name: `AVX-512`, `AVX2`, or `baseline` for what every processor of the kind has.
  public static var name: String { String(cString: ckernels_name()) }
}
