"""Measures how long `attnviz step` takes from a key to the last byte of the redrawn screen.

step.py ATTNVIZ [--model NAME] [--size 80x24] [--text TEXT] [--steps N]

A pseudo-terminal of that size is driven as a person drives it: through all stations, and at each
through heads and tokens. Prints the median, the 95th percentile and the worst of every kind of key.
"""
import argparse
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from statistics import median

END = b"\x1b[?2026l"  # the end of a synchronised update: the redraw is complete


class Terminal:
    def __init__(self, words, rows, columns):
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(words[0], words)
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def frame(self, limit):
        """Reads up to the end of an update; whether there was one."""
        data, stop = b"", time.monotonic() + limit
        while END not in data:
            left = stop - time.monotonic()
            if left <= 0 or not select.select([self.end], [], [], left)[0]:
                return None
            try:
                data += os.read(self.end, 1 << 16)
            except OSError:
                return None
        return data

    def drain(self):
        while select.select([self.end], [], [], 0.05)[0]:
            os.read(self.end, 1 << 16)

    def press(self, key):
        start = time.perf_counter()
        os.write(self.end, key)
        data = self.frame(10)
        return None if data is None else (time.perf_counter() - start, len(data))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--model", default="minilm")
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--text", default="The animal did not cross the street because it was tired.")
    parser.add_argument("--steps", type=int, default=60)
    options = parser.parse_args()
    columns, rows = map(int, options.size.split("x"))
    words = [options.program, "step", "--theme", "dark", "--model", options.model, options.text]
    terminal = Terminal(words, rows, columns)
    if terminal.frame(120) is None:
        sys.exit("the program draws nothing")
    time.sleep(0.3)
    terminal.drain()
    times = {"next station": [], "head": [], "token": [], "layer": [], "back": [],
             "last stations": [], "temperature": []}
    sizes = []

    def press(kind, key):
        result = terminal.press(key)
        if result is None:
            sys.exit(f"no redraw after {kind}")
        times[kind].append(1000 * result[0])
        sizes.append(result[1])
        terminal.drain()

    for step in range(options.steps):
        press("next station", b"\x1b[C")
        if step % 3 == 2:
            press("token", b"\x1b[A")
            press("token", b"\x1b[A")
            press("token", b"\x1b[B")
            press("head", b">")
        if step % 10 == 9:
            press("layer", b"]")
            press("layer", b"[")
    for _ in range(min(20, options.steps)):
        press("back", b"\x1b[D")
    press("last stations", b"G")
    for _ in range(4):
        press("last stations", b"\x1b[D")
        press("temperature", b"+")
        press("temperature", b"-")
    os.write(terminal.end, b"q")
    print(f"{options.model}, {options.size}: median, 95 %, worst in ms")
    every = []
    for kind, values in times.items():
        if not values:
            continue
        every += values
        values.sort()
        place = min(int(0.95 * len(values)), len(values) - 1)
        print(f"  {kind:13}{len(values):4} keys {median(values):7.1f} {values[place]:7.1f} "
              f"{values[-1]:7.1f}")
    every.sort()
    print(f"  {'all':13}{len(every):4} keys {median(every):7.1f} "
          f"{every[int(0.95 * len(every))]:7.1f} {every[-1]:7.1f}"
          f"   {median(sizes) / 1000:.1f} kB a redraw")


main()
