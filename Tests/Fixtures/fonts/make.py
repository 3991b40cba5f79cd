"""Makes the two fonts of the drawing tests: python3 make.py (needs fontTools).

Boxes.ttf: every glyph is a rectangle whose edges the functions below give, so that a test can
compute what the ink of a text must be. Pictures.ttf: one character, U+1F642, as a bitmap of
four colours, as emoji fonts have them.
"""

import struct
import zlib

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.DefaultTable import DefaultTable

EM, ASCENT, DESCENT, SIDE = 1000, 800, 200, 100
HEBREW = range(0x5D0, 0x5EB)
DEEP = set("gjpqy,;")
TALL = "Å"
DIGITS = set("0123456789")


def advance(character):
    if character in DIGITS or character == " ":
        return 600
    return 500 + 10 * (ord(character) % 20)


def edges(character):
    """Bottom and top."""
    if character == TALL:
        return 0, 1100
    return (-200 if character in DEEP else 0), (500 if character.islower() else 700)


def box(left, bottom, right, top):
    pen = TTGlyphPen(None)
    if right > left:
        pen.moveTo((left, bottom))
        for point in [(left, top), (right, top), (right, bottom)]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def start(characters):
    names = [".notdef"] + ["u%04X" % ord(c) for c in characters]
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): "u%04X" % ord(c) for c in characters})
    return builder


def finish(builder, family, metrics, path):
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=ASCENT, descent=-DESCENT)
    builder.setupNameTable(
        {"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2(
        sTypoAscender=ASCENT, sTypoDescender=-DESCENT, sTypoLineGap=0, usWinAscent=ASCENT,
        usWinDescent=DESCENT)
    builder.setupPost()
    head = builder.font["head"]
    head.created = head.modified = 3_029_529_600
    builder.font.recalcTimestamp = False
    builder.save(path)


def boxes():
    characters = [chr(c) for c in [*range(0x20, 0x7F), *map(ord, "éïÅ√·“”…"), *HEBREW, 0xFFFD]]
    builder = start(characters)
    glyphs, metrics = {".notdef": box(50, 0, 450, 700)}, {".notdef": (500, 50)}
    for c in characters:
        bottom, top = edges(c)
        right = SIDE if c == " " else advance(c) - SIDE
        glyphs["u%04X" % ord(c)] = box(SIDE, bottom, right, top)
        metrics["u%04X" % ord(c)] = (advance(c), 0 if c == " " else SIDE)
    builder.setupGlyf(glyphs)
    finish(builder, "Attnviz Boxes", metrics, "Boxes.ttf")


def png(size):
    """Four quarters: red, green, blue, and half transparent yellow."""
    colors = [bytes(c) for c in [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (255, 255, 0, 128)]]
    half = size // 2
    rows = b"".join(
        b"\0" + colors[2 * (y >= half)] * half + colors[2 * (y >= half) + 1] * half
        for y in range(size))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def pictures():
    """CBDT and CBLC, one strike of 100 pixels an em, image format 17."""
    size, ppem, face = 100, 100, "\U0001F642"
    builder = start([face])
    image = struct.pack(">BBbbB", size, size, 0, 80, 120) + struct.pack(">I", len(png(size))) + png(size)
    line = struct.pack(">bbBbbbbbbbbb", 80, -20, size, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    subtable = struct.pack(">HHI", 1, 17, 4) + struct.pack(">II", 0, len(image))
    array = struct.pack(">HHI", 1, 1, 8)
    strike = struct.pack(">IIII", 8 + 48, len(array + subtable), 1, 0) + line + line
    strike += struct.pack(">HHBBBb", 1, 1, ppem, ppem, 32, 1)
    for tag, data in [("CBLC", struct.pack(">HHI", 3, 0, 1) + strike + array + subtable),
                      ("CBDT", struct.pack(">HH", 3, 0) + image)]:
        table = DefaultTable(tag)
        table.data = data
        builder.font[tag] = table
    finish(builder, "Attnviz Pictures", {".notdef": (500, 0), "u1F642": (1200, 0)}, "Pictures.ttf")


boxes()
pictures()
