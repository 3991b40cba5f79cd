import Dispatch

/// Does something on another thread.
func inBackground(_ body: @escaping @Sendable () -> Void) {
  DispatchQueue.global(qos: .userInitiated).async(execute: body)
}
