"""Prints measurements as tables: medians, the span of what was seen, and ratios to attnviz."""
from statistics import median


def show(rows):
    """Prints rows of text in columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for first, *others in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:])]
        print("  ".join(cells).rstrip())


def milliseconds(seconds):
    digits = 1 if seconds < 0.1 else 0
    return f"{seconds * 1000:.{digits}f}"


def span(values):
    """The lowest and the highest of some seconds."""
    return f"{milliseconds(min(values))}-{milliseconds(max(values))}"


def ratio(value, ours):
    return f"{value / ours:.1f}x"


def show_processes(samples):
    """A row a program: name -> samples, attnviz first."""
    rows = [["", "wall ms", "span", "ratio", "CPU ms", "ratio", "peak MB", "ratio"]]
    ours = None
    for name, taken in samples.items():
        wall, cpu, memory = (median(values) for values in zip(*taken))
        ours = ours or (wall, cpu, memory)
        rows.append([
            name, milliseconds(wall), span([sample.wall for sample in taken]), ratio(wall, ours[0]),
            milliseconds(cpu), ratio(cpu, ours[1]), f"{memory:.0f}", ratio(memory, ours[2])])
    show(rows)


def show_passes(lengths, ours, theirs):
    """A row a length; ours and theirs: length -> seconds, one a round."""
    rows = [["tokens", "attnviz ms", "span", "torch ms", "span", "ratio"]]
    for length in lengths:
        fast, slow = ours[length], theirs[length]
        rows.append([
            str(length), milliseconds(median(fast)), span(fast), milliseconds(median(slow)),
            span(slow), ratio(median(slow), median(fast))])
    show(rows)


def show_speeds(samples):
    """A row a program: name -> (tokens a second, peak MB), attnviz first."""
    rows = [["", "tokens/s", "span", "ratio", "peak MB", "ratio"]]
    ours = None
    for name, taken in samples.items():
        speed, memory = (median(values) for values in zip(*taken))
        ours = ours or (speed, memory)
        speeds = [one[0] for one in taken]
        rows.append([
            name, f"{speed:.1f}", f"{min(speeds):.1f}-{max(speeds):.1f}", ratio(ours[0], speed),
            f"{memory:.0f}", ratio(memory, ours[1])])
    show(rows)


def show_loading(container, samples):
    """A row a program: name -> (seconds, peak MB), attnviz first."""
    rows = [[container, "ms", "span", "ratio", "peak MB", "ratio"]]
    ours = None
    for name, taken in samples.items():
        seconds, memory = (median(values) for values in zip(*taken))
        ours = ours or (seconds, memory)
        rows.append([
            name, milliseconds(seconds), span([one[0] for one in taken]),
            ratio(seconds, ours[0]), f"{memory:.0f}", ratio(memory, ours[1])])
    show(rows)
