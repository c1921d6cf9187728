"""Code 128 and QR on a PDF, drawn as rectangles: sharp at any size."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fpdf import FPDF

QUIET: Final = 10  # modules of white that ISO/IEC 15417 asks for on either side of a Code 128


def bars(pdf: "FPDF", text: str, x: float, y: float, width: float, height: float) -> None:
    """Draw the text as Code 128 within a width in millimetres, quiet zones included."""
    modules = _modules(text)
    step = width / (len(modules) + 2 * QUIET)
    for start, length in _runs([module == "1" for module in modules]):
        pdf.rect(x + (QUIET + start) * step, y, length * step, height, style="F")


def squares(pdf: "FPDF", text: str, x: float, y: float, side: float) -> None:
    """Draw the text as a QR code with sides in millimetres."""
    matrix = _matrix(text)
    step = side / len(matrix)
    for row, cells in enumerate(matrix):
        for start, length in _runs(cells):
            pdf.rect(x + start * step, y + row * step, length * step, step, style="F")


@lru_cache(maxsize=512)
def _modules(text: str) -> str:
    """One character for each module: 1 is dark."""
    from barcode import Code128

    return str(Code128(text).build()[0])


@lru_cache(maxsize=512)
def _matrix(text: str) -> list[list[bool]]:
    import segno

    return [[bool(dark) for dark in row] for row in segno.make(text, error="m", micro=False).matrix]


def _runs(cells: Sequence[bool]) -> list[tuple[int, int]]:
    """Start and length of each run of dark cells."""
    runs, start = [], None
    for index, is_dark in enumerate([*cells, False]):
        if is_dark and start is None:
            start = index
        elif not is_dark and start is not None:
            runs.append((start, index - start))
            start = None
    return runs
