"""Facts about the machine and the programs that a measurement means nothing without."""
import os
import platform
import sys
from pathlib import Path

from processes import output

PACKAGES = ("torch", "transformers", "tokenizers", "onnxruntime", "matplotlib")
VERSIONS = f"""
from importlib.metadata import version
print(", ".join(f"{{name}} {{version(name)}}" for name in {PACKAGES}))
"""


def processor():
    """The processor's name for itself."""
    if sys.platform == "darwin":
        return output(["sysctl", "-n", "machdep.cpu.brand_string"]).strip()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def cores():
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_busy():
    """Whether other programs take processor time that the measured ones would want."""
    return os.getloadavg()[0] > 0.5


def facts(attnviz, python):
    """Lines that name the machine and every version."""
    interpreter = output([python, "-c", "import platform; print(platform.python_version())"])
    return [
        f"machine    {cores()} cores, {processor()}, {platform.system()} {platform.machine()}, "
        f"load {os.getloadavg()[0]:.2f}",
        f"attnviz    {output([attnviz, '--version']).strip()}",
        f"Python     {interpreter.strip()}: {output([python, '-c', VERSIONS]).strip()}",
    ]
