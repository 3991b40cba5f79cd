extension Run {
  /// The run as if less had been recorded: a figure that was asked for less is drawn the same when
  /// it shares a run with others.
  public func keeping(_ less: Recording) -> Run {
    var run = self
    run.recording = less
    run.trace.tensors = trace.tensors.filter { site, _ in
      less.keeps(site) || !recording.keeps(site)
    }
    run.trace.masks = trace.masks.filter { layer, _ in
      less.keepsMask(of: layer) || !recording.keepsMask(of: layer)
    }
    return run
  }
}
