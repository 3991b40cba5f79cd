"""Measures pictures of recordings: whole processes, drawing alone, and the size of the files."""
import json
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from processes import interleaved, measure, output
from programs import ATTNVIZ, DRAWING, script
from tables import milliseconds, ratio, show, span

PICTURES = {
    "64 × 64 heatmap with values": ("heatmap", "64"),
    "12 × 12 gallery of 64 × 64": ("gallery", "144x64"),
    "1024 × 1024 heatmap": ("heatmap", "1024"),
}
DRAWINGS = 5  # a process


def kilobytes(path):
    return f"{Path(path).stat().st_size / 1e3:.0f}"


def compare_picture(name, figure, recording, folder, kind, python, rounds):
    """The rows of one picture in one format."""
    ours, theirs = f"{folder}/attnviz.{kind}", f"{folder}/matplotlib.{kind}"
    place = ["--layer", "L0H0"] if figure == "heatmap" else []
    attnviz = [ATTNVIZ, "draw", figure, "--trace", recording, *place, "-q", "-o", ours]
    drawing = [DRAWING, figure, recording, kind, str(DRAWINGS)]
    matplotlib = [python, *script("draw_matplotlib.py", figure, recording, theirs)]
    samples = interleaved({
        "ours": partial(measure, attnviz),
        "theirs": partial(measure, [*matplotlib, "0"]),
        "our drawing": lambda: json.loads(output(drawing))["seconds"],
        "their drawing": lambda: json.loads(output([*matplotlib, str(DRAWINGS)]))["seconds"],
    }, rounds)
    walls = [[sample.wall for sample in samples[who]] for who in ("ours", "theirs")]
    alone = [samples[who] for who in ("our drawing", "their drawing")]
    sizes = [kilobytes(path) for path in (ours, theirs)]
    base = [median(walls[0]), median(alone[0])]
    return [
        [f"{name}, {kind.upper()}: {who}", milliseconds(median(wall)), span(wall),
         ratio(median(wall), base[0]), milliseconds(median(draw)), ratio(median(draw), base[1]), size]
        for who, wall, draw, size in zip(("attnviz", "matplotlib"), walls, alone, sizes)]


def compare_pictures(python, rounds):
    """Every picture as PNG and SVG."""
    print(f"\nA recording to a picture: {rounds} rounds, drawing alone the median of {DRAWINGS} in a "
          "process", flush=True)
    rows = [["", "process ms", "span", "ratio", "drawing ms", "ratio", "kB"]]
    with tempfile.TemporaryDirectory() as folder:
        output([python, *script("recordings.py", folder)])
        for name, (figure, recording) in PICTURES.items():
            for kind in ("png", "svg"):
                rows += compare_picture(
                    name, figure, f"{folder}/{recording}.npz", folder, kind, python, rounds)
    show(rows)
