"""The programs that are measured."""
from pathlib import Path

HERE = Path(__file__).resolve().parent
PRODUCTS = HERE.parent / ".build" / "release"
ATTNVIZ = str(PRODUCTS / "attnviz")
FORWARD = str(PRODUCTS / "forward-benchmark")
DRAWING = str(PRODUCTS / "drawing-benchmark")
TRAINING = str(PRODUCTS / "training-benchmark")
PROMPT = "The capital of France is"


def script(name, *words):
    """The words after `python` that run a script of this folder."""
    return [str(HERE / name), *map(str, words)]
