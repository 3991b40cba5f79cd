"""Measures attnviz side by side with Python programs that do the same work: `make bench`.

Whole processes, one after the other in turn (A B C A B C ...), medians of wall time, processor
time and peak memory. The Python environment lies in the user's cache folder, outside the checkout.
"""
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PROGRAM = os.path.join(ROOT, ".build/release/attnviz")
FORWARD = os.path.join(ROOT, ".build/release/forward-benchmark")
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "attnviz")
ENVIRONMENT = os.path.join(CACHE, "bench-env")
PYTHON = os.path.join(ENVIRONMENT, "bin/python")
ROUNDS = int(os.environ.get("ROUNDS", "7"))

SENTENCES = {
    12: "The quick brown fox jumps over the lazy dog.",
    64: "The history of the bridge began when the town council asked three engineers to compare "
        "stone, timber and iron. Each wrote a report, and each report praised a different "
        "crossing. In the end the builders chose the oldest plan, because the river was wide, "
        "winters were hard, and nobody wanted to wait another year.",
}


def make_environment():
    """Installs the pinned packages, once for each state of requirements.txt."""
    requirements = os.path.join(HERE, "requirements.txt")
    with open(requirements, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    marker = os.path.join(ENVIRONMENT, "complete-" + digest[:16])
    if os.path.exists(marker):
        return
    print(f"Making the Python environment {ENVIRONMENT}: about 1.5 GB with a CPU build of torch, "
          "up to 6 GB with the default one. Ctrl-C stops; delete the folder to be rid of it.")
    subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                    "-r", requirements], check=True)
    open(marker, "w").close()


def model_folder():
    if subprocess.run([PROGRAM, "models", "path", "minilm"], capture_output=True).returncode:
        subprocess.run([PROGRAM, "models", "add", "minilm"], check=True)
    return subprocess.run([PROGRAM, "models", "path", "minilm"], check=True, capture_output=True,
                          text=True).stdout.strip()


def graph(folder):
    """The exported graph that onnxruntime needs; made once, its time is not counted."""
    path = os.path.join(CACHE, "bench-minilm.onnx")
    if not os.path.exists(path):
        print("Exporting the graph for onnxruntime (not counted).")
        subprocess.run([PYTHON, os.path.join(HERE, "export.py"), folder, path + ".partial"],
                       check=True, capture_output=True)
        os.rename(path + ".partial", path)
    return path


def measure(command):
    """Runs a process: seconds, processor seconds, peak MiB."""
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)])
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    os.close(null)
    if status:
        sys.exit(f"failed: {' '.join(command)}")
    unit = 1 << 20 if platform.system() == "Darwin" else 1 << 10
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def medians(commands, rounds):
    """The medians of every command; the commands take turns."""
    results = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(measure(command))
    return {name: [statistics.median(column) for column in zip(*rows)]
            for name, rows in results.items()}


def table(header, rows):
    rows = [header] + rows
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [
            cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells))
    print()


def galleries(folder, output):
    exported = graph(folder)
    for tokens, text in SENTENCES.items():
        def png(name):
            return os.path.join(output, f"{name}-{tokens}.png")
        result = medians({
            "attnviz": [PROGRAM, "draw", "gallery", "--model", "minilm", "-o", png("attnviz"), text],
            "transformers + matplotlib": [PYTHON, os.path.join(HERE, "gallery_transformers.py"),
                                          folder, text, png("transformers")],
            "tokenizers + onnxruntime + matplotlib": [
                PYTHON, os.path.join(HERE, "gallery_onnx.py"), folder, exported, text, png("onnx")],
        }, ROUNDS)
        own = result["attnviz"]
        print(f"Sentence of {tokens} tokens -> gallery of 6 x 12 heads, PNG")
        table(["", "wall", "processor", "peak memory", "wall ratio", "memory ratio"], [
            [name, f"{wall * 1000:.0f} ms", f"{processor * 1000:.0f} ms", f"{memory:.0f} MiB",
             f"{wall / own[0]:.1f}", f"{memory / own[2]:.1f}"]
            for name, (wall, processor, memory) in result.items()])


def forward(folder):
    lengths = ["16", "128", "512"]
    commands = {
        "attnviz": [FORWARD, folder, "20", *lengths],
        "torch": [PYTHON, os.path.join(HERE, "torch_forward.py"), folder, "20", *lengths],
    }
    times = {name: {length: [] for length in lengths} for name in commands}
    for _ in range(3):
        for name, command in commands.items():
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            for line in lines.splitlines():
                entry = json.loads(line)
                times[name][str(entry["tokens"])].append(entry["seconds"])
    print("Warm forward, two threads: attnviz keeps weights, scores, q, k, v, ... of every head;")
    print("torch runs eager with output_attentions and output_hidden_states")
    rows = []
    for length in lengths:
        own, other = (statistics.median(times[name][length]) for name in commands)
        rows.append([f"{length} tokens", f"{own * 1000:.1f} ms", f"{other * 1000:.1f} ms",
                     f"{other / own:.2f}"])
    table(["", "attnviz", "torch", "ratio"], rows)


def main():
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, medians of "
          f"{ROUNDS} runs in turn; a ratio is the other's number over attnviz's\n")
    if os.getloadavg()[0] > 1:
        print(f"Other work is running (load {os.getloadavg()[0]:.1f}): do not quote these numbers; "
              "torch with two threads suffers most.\n")
    make_environment()
    folder = model_folder()
    with tempfile.TemporaryDirectory() as output:
        galleries(folder, output)
    forward(folder)
    wall = medians({"help": [PROGRAM, "--help"]}, 3 * ROUNDS)["help"][0]
    print(f"attnviz --help, start to end: {wall * 1000:.1f} ms")


main()
