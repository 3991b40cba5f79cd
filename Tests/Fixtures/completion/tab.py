"""Types a line and a tab into a shell and prints what the line has become.

    python3 tab.py zsh|fish SCRIPT FOLDER LINE

SCRIPT is the shell's completion script, FOLDER a folder for the shell's own files.
"""

import os
import pty
import select
import shutil
import sys
import time

shell, script, folder, line = sys.argv[1:]
result = os.path.join(folder, "line")
if os.path.exists(result):
    os.remove(result)
shutil.copy(script, os.path.join(folder, "_attnviz"))
zsh = f"""
PS1='> '; unsetopt beep; LISTMAX=9999
fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -d {folder}/dump
show() {{ print -r -- "$BUFFER" > {result}.part; mv {result}.part {result} }}
zle -N show; bindkey '^X' show; print -r -- rea''dy
"""
fish = f"""
source {script}
function show; commandline > {result}.part; mv {result}.part {result}; end
bind \\cx show; echo rea''dy
"""
pid, end = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb" if shell == "zsh" else "xterm"
    os.execvp(shell, [shell] + (["-f", "-i"] if shell == "zsh" else ["--no-config", "-i"]))


def listen(seconds, until=None):
    seen = b""
    stop = time.monotonic() + seconds
    while time.monotonic() < stop and not (until and until in seen):
        if select.select([end], [], [], 0.1)[0]:
            try:
                seen += os.read(end, 65536)
            except OSError:
                break
        if until is None and os.path.exists(result):
            break
    return seen


os.write(end, (zsh if shell == "zsh" else fish).replace("\n", "\r").encode())
listen(30, b"ready")
time.sleep(0.3)
os.write(end, line.encode() + b"\t")
time.sleep(0.5)
os.write(end, b"\x18")
listen(30)
print(open(result).read().rstrip("\n") if os.path.exists(result) else "nothing came")
os.close(end)
