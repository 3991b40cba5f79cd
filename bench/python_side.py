"""The Python environment that attnviz is measured against, made on demand outside the checkout."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FOLDER = CACHE / "attnviz" / "bench-env"
STAMP = FOLDER / "installed.txt"  # a copy of the requirements, written last
PYTHON = FOLDER / "bin" / "python"
NOTICE = f"""\
The benchmark compares with torch, transformers, onnxruntime and matplotlib. They take 1.5 GB in
{FOLDER}
with a torch for processors only; the torch that pip takes by default on Linux brings libraries for
graphics cards, several GB more (pip's own settings, such as PIP_FIND_LINKS, choose another)."""


def is_ready():
    return STAMP.exists() and STAMP.read_text() == REQUIREMENTS.read_text()


def is_wanted(yes):
    """Whether the environment may be made: asks on a terminal, else only if told so before."""
    print(NOTICE)
    if yes:
        return True
    if not sys.stdin.isatty():
        return False
    return input("Make it? [y/N] ").strip().lower() in ("y", "yes")


def prepare(yes):
    """Makes the environment unless it is there, and returns its Python."""
    if is_ready():
        return str(PYTHON)
    if not is_wanted(yes):
        sys.exit("Not made. `make bench YES=1` makes it without asking.")
    CACHE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(CACHE).free
    if free < 3e9 and not PYTHON.exists():
        sys.exit(f"Not made: only {free / 1e9:.1f} GB are free.")
    subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--requirement", REQUIREMENTS], check=True)
    STAMP.write_text(REQUIREMENTS.read_text())
    return str(PYTHON)
