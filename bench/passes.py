"""Measures what a model does in a process: forward passes, decoding, loading."""
import json
from functools import partial

import machine
from processes import interleaved, measure, output, output_and_memory
from programs import ATTNVIZ, FORWARD, PROMPT, script
from tables import show_loading, show_passes, show_speeds

NEW_TOKENS = [16, 144]
PASSES = 15  # a process and length
LONG_PASSES = 5  # where one of the lengths is 1024


def seconds_by_length(command):
    """What forward-benchmark or torch_forward.py prints: length -> seconds."""
    lines = map(json.loads, output(command).splitlines())
    return {line["tokens"]: line["seconds"] for line in lines}


def compare_passes(name, folder, lengths, python, rounds):
    """Warm forward passes that keep what happens inside, in two programs that take turns."""
    passes = PASSES if max(lengths) < 1024 else LONG_PASSES
    attnviz = [FORWARD, folder, str(passes), *map(str, lengths)]
    torch = [python, *script("torch_forward.py", folder, machine.cores(), passes, *lengths)]
    print(f"\nWarm forward pass of {name}, everything recorded: {machine.cores()} threads, median of "
          f"{rounds} medians of {passes}", flush=True)
    taken = interleaved({
        "attnviz": partial(seconds_by_length, attnviz),
        "torch": partial(seconds_by_length, torch),
    }, rounds)
    ours, theirs = (
        {length: [one[length] for one in results] for length in lengths}
        for results in taken.values())
    show_passes(lengths, ours, theirs)


def compare_decoding(name, model, folder, python, rounds):
    """Greedy decoding: the time that more new tokens take, and the peak memory of the process."""
    few, many = NEW_TOKENS
    print(f"\nGreedy decoding with {name}, {many - few} tokens after the first {few}: "
          f"{machine.cores()} threads, {rounds} rounds", flush=True)

    def ours():
        taken = [
            measure([ATTNVIZ, "generate", "--model", model, "--greedy", "--ignore-eos", "-q",
                     "--max-new-tokens", str(count), PROMPT]) for count in NEW_TOKENS]
        return (many - few) / (taken[1].wall - taken[0].wall), taken[1].memory

    def theirs():
        command = [python, *script("generate_transformers.py", folder, machine.cores(), PROMPT,
                                   *NEW_TOKENS)]
        lines, memory = output_and_memory(command)
        seconds = [json.loads(line)["seconds"] for line in lines.splitlines()]
        return (many - few) / (seconds[1] - seconds[0]), memory

    show_speeds(interleaved({"attnviz": ours, "transformers": theirs}, rounds))


def first_pass(command):
    """Seconds from the beginning of loading to the end of the first pass, and peak memory in MB."""
    line, memory = output_and_memory(command)
    return json.loads(line)["seconds"], memory


def compare_loading(name, paths, python, rounds):
    """A model read from every container, and its first pass on 16 tokens. paths: container -> path.
    """
    print(f"\nLoading {name} and a first pass on 16 tokens, without Python's imports: {rounds} rounds",
          flush=True)
    for container, path in paths.items():
        command = script("torch_first.py", path, machine.cores())
        show_loading(container, interleaved({
            "attnviz": partial(first_pass, [FORWARD, path, "0", "16"]),
            "transformers": partial(first_pass, [python, *command]),
        }, rounds))
