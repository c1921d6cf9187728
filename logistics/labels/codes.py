"""Code 128 and QR on a PDF, drawn as rectangles: sharp at any size."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fpdf import FPDF

QUIET: Final = 10  # modules of white on either side of a bar code


def bars(pdf: "FPDF", text: str, x: float, y: float, width: float, height: float) -> None:
    """The text as Code 128 within a width, quiet zones included."""
    modules = _modules(text)
    step = width / (len(modules) + 2 * QUIET)
    for start, length in _runs([sign == "1" for sign in modules]):
        pdf.rect(x + (QUIET + start) * step, y, length * step, height, style="F")


def squares(pdf: "FPDF", text: str, x: float, y: float, side: float) -> None:
    """The text as a QR code."""
    matrix = _matrix(text)
    step = side / len(matrix)
    for row, cells in enumerate(matrix):
        for start, length in _runs(cells):
            pdf.rect(x + start * step, y + row * step, length * step, step, style="F")


@lru_cache(maxsize=512)
def _modules(text: str) -> str:
    """The bars, a sign for each module."""
    from barcode import Code128

    return str(Code128(text).build()[0])


@lru_cache(maxsize=512)
def _matrix(text: str) -> list[list[bool]]:
    import segno

    return [[bool(dark) for dark in row] for row in segno.make(text, error="m", micro=False).matrix]


def _runs(cells: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark runs begin, and how long they are."""
    runs, start = [], None
    for place, is_dark in enumerate([*cells, False]):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            runs.append((start, place - start))
            start = None
    return runs
