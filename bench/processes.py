"""Runs programs and measures them: wall time, processor time and peak memory of a process."""
import os
import subprocess
import sys
import time
from typing import NamedTuple

RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes on macOS, KiB on Linux


class Sample(NamedTuple):
    """What one process took, from start to end."""

    wall: float  # seconds
    cpu: float  # seconds of user and system time
    memory: float  # peak, in MB


def environment():
    """The environment of every program: no network; Python may keep its compiled files."""
    kept = {name: value for name, value in os.environ.items()
            if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"HF_HUB_OFFLINE": "1"}


def output(command):
    """What a program prints; ends the benchmark with the program's own words if it fails."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}{command[0]} ended with {done.returncode}")
    return done.stdout


def output_and_memory(command):
    """What a program prints, and its peak memory in MB."""
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return text, usage.ru_maxrss * RSS_UNIT / 1e6


def measure(command):
    """Runs a program once, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 1e6)


def interleaved(tasks, rounds):
    """Calls every task in turn, `rounds` times over: name -> results. A first round warms up."""
    results = {name: [] for name in tasks}
    for number in range(rounds + 1):
        for name, task in tasks.items():
            result = task()
            if number > 0:
                results[name].append(result)
    return results
