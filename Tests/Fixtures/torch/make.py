"""Writes checkpoints as torch.save lays them out, with Python's own pickle, and broken ones: make.py (no PyTorch needed)"""
import collections
import io
import os
import pickle
import struct
import sys
import types
import zipfile

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))

# Stand-ins for the names that a checkpoint refers to; pickle stores only their names.
torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": utils})


def stand_in(module, name):
    made = type(name, (), {"__module__": module.__name__, "__qualname__": name})
    setattr(module, name, made)
    return made


DTYPES = {"Float": "<f4", "Half": "<f2", "Double": "<f8", "Long": "<i8", "Int": "<i4", "Byte": "|u1", "Bool": "|b1", "BFloat16": "<u2"}
STORAGES = {kind: stand_in(torch, kind + "Storage") for kind in DTYPES}
REBUILD, PARAMETER = stand_in(utils, "_rebuild_tensor_v2"), stand_in(utils, "_rebuild_parameter")


class Storage:
    def __init__(self, kind, values):
        self.kind, self.values = kind, np.asarray(values)
        if kind == "BFloat16":  # the upper half of a float
            self.values = (self.values.astype("<f4").view("<u4") >> 16)


class Tensor:
    def __init__(self, storage, shape, strides=None, offset=0):
        if strides is None:
            strides = tuple(int(np.prod(shape[axis + 1:])) for axis in range(len(shape)))
        self.arguments = (storage, offset, tuple(shape), tuple(strides), False, collections.OrderedDict())

    def __reduce__(self):
        return REBUILD, self.arguments


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return PARAMETER, (self.tensor, True, collections.OrderedDict())


def dump(value, protocol=2):
    storages, out = {}, io.BytesIO()
    pickler = pickle.Pickler(out, protocol)

    def persistent_id(item):
        if not isinstance(item, Storage):
            return None
        key = storages.setdefault(id(item), (str(len(storages)), item))[0]
        return ("storage", STORAGES[item.kind], key, "cpu", len(item.values))

    class Pickler(pickle._Pickler):
        def persistent_id(self, item):
            return persistent_id(item)

    Pickler(out, protocol).dump(value)
    return out.getvalue(), {key: item.values.astype(DTYPES[item.kind]).tobytes() for key, item in storages.values()}


def archive(name, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(name, "w", method) as out:
        for path, data in entries.items():
            out.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data, method)


def save(name, value, protocol=2, extra={}, drop=(), **change):
    data, storages = dump(value, protocol)
    entries = {"archive/data.pkl": data, "archive/byteorder": b"little", **{"archive/data/" + k: v for k, v in storages.items()}, "archive/version": b"3\n"}
    entries.update(extra)
    archive(name, {path: content for path, content in entries.items() if path not in drop}, **change)


def sample():
    shared = Storage("Float", np.arange(24) / 4 - 3)
    state = collections.OrderedDict()
    state["plain"] = Tensor(shared, (4, 6))
    state["part"] = Tensor(shared, (2, 6), offset=12)
    state["transposed"] = Tensor(shared, (6, 4), (1, 6))
    state["permuted"] = Tensor(shared, (2, 4, 3), (3, 6, 1))
    state["column"] = Tensor(shared, (4,), (6,), 5)
    state["scalar"] = Tensor(shared, (), (), 7)
    state["empty"] = Tensor(Storage("Float", []), (0, 5))
    state["parameter"] = Parameter(Tensor(Storage("Float", [1.5, -2.5]), (2,)))
    state["half"] = Tensor(Storage("Half", [0.5, -1.0, 65504.0, 6e-8]), (4,))
    state["brain"] = Tensor(Storage("BFloat16", [0.5, -1.0, 256.0, 1.0 + 1 / 128]), (2, 2))
    state["double"] = Tensor(Storage("Double", [0.1, 1e300]), (2,))
    state["whole"] = Tensor(Storage("Long", [1, -2]), (2,))
    state["bytes"] = Tensor(Storage("Byte", [1, 255]), (2,))
    state["mask"] = Tensor(Storage("Bool", [1, 0]), (2,))
    state["ints"] = Tensor(Storage("Int", [7]), (1,))
    state._metadata = collections.OrderedDict([("", {"version": 1})])  # becomes a BUILD
    return state


for protocol in (2, 4):
    save("protocol%d.bin" % protocol, sample(), protocol)
save("dict.bin", dict(sample()))
save("packed.bin", {"a": Tensor(Storage("Float", [0.0] * 100), (100,))}, method=zipfile.ZIP_DEFLATED)

# Refused.
one = Storage("Float", [1, 2, 3, 4])
save("past-end.bin", {"a": Tensor(one, (5,))})
save("past-end-offset.bin", {"a": Tensor(one, (2, 2), offset=1)})
save("past-end-stride.bin", {"a": Tensor(one, (2, 2), (3, 2))})
save("expanded.bin", {"a": Tensor(one, (1 << 40,), (0,))})
save("negative-stride.bin", {"a": Tensor(one, (4,), (-1,), 3)})
save("negative-offset.bin", {"a": Tensor(one, (2,), (1,), -1)})
save("overflow.bin", {"a": Tensor(one, (1 << 32, 1 << 32))})
save("overflow-stride.bin", {"a": Tensor(one, (3, 1), (1 << 62, 1))})
save("ranks-differ.bin", {"a": Tensor(one, (2, 2), (1,))})
save("storage-missing.bin", {"a": Tensor(one, (4,))}, drop=["archive/data/0"])
save("storage-short.bin", {"a": Tensor(one, (4,))}, extra={"archive/data/0": b"\0" * 15})
save("big-endian.bin", {"a": Tensor(one, (4,))}, extra={"archive/byteorder": b"big"})
save("not-a-tensor.bin", {"a": 3})
save("number-key.bin", {1: Tensor(one, (4,))})
save("list.bin", [Tensor(one, (4,))])
save("two-pickles.bin", {}, extra={"other/data.pkl": b"\x80\x02}."})
save("no-pickle.bin", {}, drop=["archive/data.pkl"])
text = lambda value: b"X" + struct.pack("<I", len(value)) + value
tensor = b"ctorch._utils\n_rebuild_tensor_v2\n((" + text(b"storage") + b"ctorch\nFloatStorage\n" + text(b"0") + text(b"cpu") + b"K\x04tQK\0K\x04\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR"
for name, code in {
    "twice": b"\x80\x02}(" + text(b"a") + tensor + text(b"a") + tensor + b"u.",
    "runs-system": b"\x80\x02cposix\nsystem\n" + text(b"true") + b"\x85R.",
    "runs-eval": b"\x80\x04" + b"\x8c\x08builtins\x8c\x04eval\x93" + text(b"1") + b"\x85R.",
    "runs-instance": b"\x80\x02(ios\nsystem\n.",
    "runs-object": b"\x80\x02ccollections\nOrderedDict\n)\x81.",
    "runs-escape": b"\x80\x02c\x1b[2J\nx\n.",
    "calls-storage": b"\x80\x02ctorch\nFloatStorage\n)R.",
    "calls-text": b"\x80\x02" + text(b"a") + b")R.",
    "call-arguments": b"\x80\x02ccollections\nOrderedDict\nN\x85R.",
    "tensor-of-nothing": b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.",
    "parameter-of-nothing": b"\x80\x02ctorch._utils\n_rebuild_parameter\n)R.",
    "storage-negative": b"\x80\x02(" + text(b"storage") + b"ctorch\nFloatStorage\n" + text(b"0") + text(b"cpu") + b"J\xff\xff\xff\xfftQ.",
    "storage-of-function": b"\x80\x02(" + text(b"storage") + b"ccollections\nOrderedDict\n" + text(b"0") + text(b"cpu") + b"K\x01tQ.",
    "memo-empty": b"\x80\x02h\x07.",
    "stack-empty": b"\x80\x02s.",
    "stack-past-mark": b"\x80\x02K\x01K\x02(\x86.",
    "no-mark": b"\x80\x02}u.",
    "odd-items": b"\x80\x02}(K\x01u.",
    "items-of-list": b"\x80\x02](K\x01K\x02u.",
    "append-to-number": b"\x80\x02K\x01K\x02a.",
    "build-of-number": b"\x80\x02K\x01}b.",
    "unknown-opcode": b"\x80\x020.",
    "protocol9": b"\x80\x09}.",
    "wide-number": b"\x80\x02\x8a\x09" + b"\1" * 9 + b".",
    "text-too-long": b"\x80\x02X\xff\xff\xff\xffabc",
    "text-not-utf8": b"\x80\x02U\x01\xff.",
    "long-name": b"\x80\x02c" + b"a" * 300 + b"\nb\n.",
    "no-end": b"\x80\x02}",
    "empty": b"",
}.items():
    archive("pickle-%s.bin" % name, {"archive/data.pkl": code, "archive/data/0": b"\0" * 16})
# Endless values: packed small, refused before they take memory.
archive("pickle-many-values.bin", {"archive/data.pkl": b"\x80\x02" + b"N" * 1_100_000 + b"."}, zipfile.ZIP_DEFLATED)
archive("pickle-many-memos.bin", {"archive/data.pkl": b"\x80\x04N" + b"\x94" * 1_100_000 + b"."}, zipfile.ZIP_DEFLATED)
with open("legacy.bin", "wb") as out:
    out.write(pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2))
