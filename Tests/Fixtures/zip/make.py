"""Makes the zip fixtures beside this file: good ones, and ones that must be refused."""
import io
import os
import struct
import zipfile

os.chdir(os.path.dirname(os.path.abspath(__file__)))
TEXT = b"The cat sat on the mat. " * 20
TIME = (2000, 1, 1, 0, 0, 0)


def write(name, content):
    with open(name + ".zip", "wb") as file:
        file.write(content)


def zipped(entries, method=zipfile.ZIP_DEFLATED, force_zip64=False):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, content in entries:
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type = method
            if force_zip64:
                with out.open(info, "w", force_zip64=True) as file:
                    file.write(content)
            else:
                out.writestr(info, content)
    return bytearray(buffer.getvalue())


GOOD = [("a.txt", TEXT), ("folder/", b""), ("folder/é.txt", b"x"), ("empty", b"")]
write("stored", zipped(GOOD, zipfile.ZIP_STORED))
write("deflated", zipped(GOOD))
write("streamed-headers", zipped(GOOD, force_zip64=True))

# ZIP64 throughout: a second end record and 64-bit sizes in the directory.
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 10, 1
write("zip64", zipped(GOOD))
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = (1 << 31) - 1, (1 << 16) - 1

write("zeros", zipped([("zeros", bytes(5_000_000))]))
write("method", zipped([("a.txt", TEXT)], zipfile.ZIP_BZIP2))
for label, name in [("upwards", "../a"), ("inner-upwards", "a/../../b"), ("absolute", "/a"),
                    ("backslash", "a\\b"), ("control", "a\x1b[2J"), ("dot", "a/./b")]:
    write("name-" + label, zipped([(name, b"x")]))


def patched(label, offset, form, value, start=b"PK\x01\x02"):
    """A good archive with one number of its (last) record of a kind replaced."""
    data = zipped([("a.txt", TEXT), ("b.txt", TEXT[::-1])])
    struct.pack_into(form, data, data.rindex(start) + offset, value)
    write(label, data)


patched("encrypted", 8, "<H", 1)
patched("wrong-checksum", 16, "<L", 12345)
patched("claims-less", 24, "<L", 100)
patched("claims-more", 24, "<L", 500)
patched("claims-huge", 24, "<L", 0xF0000000)
patched("packed-too-long", 20, "<L", 0x7FFFFFFF)
patched("overlap", 42, "<L", 3)
patched("same-place", 42, "<L", 0)
patched("count", 10, "<H", 7, b"PK\x05\x06")
patched("several-parts", 4, "<H", 1, b"PK\x05\x06")
patched("directory-far", 16, "<L", 0x7FFFFFFF, b"PK\x05\x06")
patched("other-name", 30, "<B", ord("x"), b"PK\x03\x04")

twice = zipped([("a.txt", b"1"), ("b.txt", b"2")])
for place in (twice.index(b"b.txt"), twice.rindex(b"b.txt")):
    twice[place] = ord("a")
write("same-name", twice)
