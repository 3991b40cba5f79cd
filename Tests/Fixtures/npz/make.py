"""Writes archives of NumPy arrays with NumPy, and broken ones by hand: make.py"""
import io
import os
import struct
import zipfile

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def archive(name, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(name, "w", method) as out:
        for path, data in entries.items():
            out.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data, method)


def npy(array, version=(1, 0), pickled=False):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version, allow_pickle=pickled)
    return out.getvalue()


grid = np.arange(24, dtype="<f4").reshape(2, 3, 4) / 8
arrays = {
    "f2": np.array([0.5, -1, 65504], "<f2"), "f4": grid, "f8": np.array([0.1, -2.5], "<f8"), "i4": np.array([[1, -2]], "<i4"),
    "i8": np.array([1 << 40, -1], "<i8"), "u1": np.array([0, 255], "|u1"), "b1": np.array([True, False]), "text": np.array(["é🙂", "", "abc"]),
    "word": np.array("one word"), "fortran": np.asfortranarray(grid), "fortran_text": np.asfortranarray(np.array([["a", "bc"], ["d", "e"]])),
    "scalar": np.array(1.5, "<f4"), "empty": np.zeros((0, 3), "<f4"), "folder/a b": np.array([1], "<f4"),
}
files = {name + ".npy": npy(array) for name, array in arrays.items()}
files["v2.npy"], files["v3.npy"] = npy(grid, (2, 0)), npy(grid, (3, 0))
files["metadata.json"] = b'{"a": 1}'
archive("stored.npz", files)
archive("deflated.npz", files, zipfile.ZIP_DEFLATED)


def head(words, data=b"", version=1):
    words = words.encode() + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(words))
    return b"\x93NUMPY" + bytes([version, 0]) + length + words + data


F4 = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }"
for name, data in {
    "object": npy(np.array([{}], object), pickled=True),
    "big-endian": npy(np.array([1], ">f4")),
    "structured": npy(np.array([(1, 2)], [("a", "<f4"), ("b", "<f4")])),
    "complex": npy(np.array([1], "<c8")),
    "short": head(F4 % "(3,)", b"\0" * 11),
    "long": head(F4 % "(3,)", b"\0" * 13),
    "huge": head(F4 % "(4611686018427387904, 4)"),
    "huge-bytes": head(F4 % "(4611686018427387904,)"),
    "claims-much": head(F4 % "(1000000000000,)", b"\0" * 16),
    "negative": head(F4 % "(-1,)"),
    "float-extent": head(F4 % "(1.0,)"),
    "many-axes": head(F4 % ("(" + "1, " * 70 + ")"), b"\0" * 4),
    "no-shape": head("{'descr': '<f4', 'fortran_order': False, }"),
    "two-shapes": head("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'shape': (), }", b"\0" * 4),
    "odd-key": head("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}", b"\0" * 4),
    "call": head("__import__('os').getpid()"),
    "trailing": head(F4 % "()" + " + 1", b"\0" * 4),
    "unclosed": head("{'descr': '<f4"),
    "head-too-long": b"\x93NUMPY\x02\0\xff\xff\xff\xff" + b" " * 50,
    "version": head(F4 % "()", b"\0" * 4, 9),
    "magic": b"\x93NUMPX\x01\0" + b"\0" * 20,
    "empty-file": b"",
    "empty-strings": head("{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,), }"),
    "wide-strings": head("{'descr': '<U99999999999', 'fortran_order': False, 'shape': (0,), }"),
}.items():
    archive("bad-%s.npz" % name, {"a.npy": data})
archive("bad-scalar.npz", {"a.npy": head("{'descr': '<U1', 'fortran_order': False, 'shape': (), }", b"\0\xd8\0\0")})
