"""Noto Sans SC cut down to the signs of one label: a few kilobytes instead of eight million, in milliseconds.

Outlines are read from the font once per process and kept; cutting the whole font for every label takes 240 ms.
"""

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph

NOTHING: Final = ".notdef"
INSTEAD: Final = "□"
PRECISION: Final = 1.0  # units of a thousandth of the size, by which a curve may differ


class Whole(NamedTuple):
    """The font as it came."""

    font: TTFont
    glyphs: Any
    names: dict[int, str]


class Outline(NamedTuple):
    """One sign, ready to be set: its record in a table of glyphs and what other tables say of it."""

    record: bytes
    width: int
    left: int
    points: int
    contours: int


def known(text: str) -> str:
    """The text with a box for each sign that the font does not have; signs that nobody sees are gone."""
    names = _whole().names
    seen = (sign for sign in text if sign.isprintable())
    return "".join(sign if ord(sign) in names else INSTEAD for sign in seen)


def cut(signs: Iterable[str]) -> bytes:
    """A TrueType font of exactly these signs."""
    codes = sorted({ord(sign) for sign in signs} | {ord(" "), ord(INSTEAD)})
    outlines = {NOTHING: _outline(ord(INSTEAD))} | {f"uni{code:04X}": _outline(code) for code in codes}
    head, (ascent, descent) = _whole().font["head"], _heights()
    made = FontBuilder(head.unitsPerEm, isTTF=True)
    made.font.recalcBBoxes = False  # the records are whole: unpacking them would take most of the time
    made.setupGlyphOrder(list(outlines))
    made.setupCharacterMap({code: f"uni{code:04X}" for code in codes})
    _set_records(made, outlines)
    made.setupHorizontalMetrics({name: (each.width, each.left) for name, each in outlines.items()})
    made.setupHorizontalHeader(ascent=ascent, descent=descent, advanceWidthMax=max(o.width for o in outlines.values()))
    made.setupNameTable(
        {
            "familyName": "Noto Sans SC",
            "styleName": "Regular",
            "fullName": "NotoSansSC-Regular",
            "psName": "NotoSansSC-Regular",
        }
    )
    made.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent)
    made.setupPost()
    made.updateHead(xMin=head.xMin, yMin=head.yMin, xMax=head.xMax, yMax=head.yMax)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _set_records(made: FontBuilder, outlines: dict[str, Outline]) -> None:
    made.font["loca"], made.font["glyf"] = newTable("loca"), newTable("glyf")
    made.font["glyf"].glyphs = {name: Glyph(each.record) for name, each in outlines.items()}
    made.font["glyf"].glyphOrder = list(outlines)
    made.setupMaxp()
    made.font["maxp"].maxPoints = max(each.points for each in outlines.values())
    made.font["maxp"].maxContours = max(each.contours for each in outlines.values())


@lru_cache(maxsize=1)
def _whole() -> Whole:
    font = TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True)
    return Whole(font, font.getGlyphSet(), font.getBestCmap())


@lru_cache(maxsize=1)
def _heights() -> tuple[int, int]:
    header = _whole().font["hhea"]
    return header.ascent, header.descent


@lru_cache(maxsize=20_000)
def _outline(code: int) -> Outline:
    whole = _whole()
    glyph = whole.glyphs[whole.names[code]]
    pen = TTGlyphPen(None)
    glyph.draw(Cu2QuPen(pen, PRECISION, reverse_direction=True))
    shape = pen.glyph()
    shape.recalcBounds(None)
    contours = max(shape.numberOfContours, 0)
    points = len(shape.coordinates) if contours else 0
    return Outline(shape.compile(None, recalcBBoxes=False), glyph.width, shape.xMin, points, contours)
