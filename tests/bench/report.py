"""Figures beside their yardsticks: as a table for people, as JSON for scripts."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measurement; `target` is in words, `ok` says whether it is met, and is true where there is none."""

    name: str
    value: float
    unit: str
    yardstick: float | None = None
    ratio: float | None = None
    target: str = ""
    ok: bool = True


def at_most(
    name: str, value: float, unit: str, limit: float, yardstick: float | None = None, ratio: float | None = None
) -> Figure:
    """The ratio, or else the value, must not be above the limit."""
    measured = value if ratio is None else ratio
    return Figure(name, value, unit, yardstick, ratio, f"≤ {limit:g}{'' if ratio is None else ' ×'}", measured <= limit)


def at_least(name: str, value: float, unit: str, limit: float, yardstick: float, ratio: float) -> Figure:
    """The ratio must not be below the limit."""
    return Figure(name, value, unit, yardstick, ratio, f"≥ {limit:g} ×", ratio >= limit)


def write(figures: list[Figure], path: Path) -> None:
    """Keep the figures for scripts."""
    rows = [{**asdict(figure), "value": _rounded(figure.value), "yardstick": _rounded(figure.yardstick),
             "ratio": _rounded(figure.ratio)} for figure in figures]  # fmt: skip
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> str:
    """A table in Markdown."""
    head = ["measure", "value", "yardstick", "ratio", "target", ""]
    rows = [
        [figure.name, f"{_text(figure.value)} {figure.unit}", _text(figure.yardstick), _text(figure.ratio),
         figure.target, "" if not figure.target else "ok" if figure.ok else "MISSED"]
        for figure in figures
    ]  # fmt: skip
    widths = [max(len(row[index]) for row in [head, *rows]) for index in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in
             [head, ["-" * width for width in widths], *rows]]  # fmt: skip
    return "\n".join(lines)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _text(number: float | None) -> str:
    if number is None:
        return ""
    digits = 0 if abs(number) >= 1000 else 1 if abs(number) >= 100 else 2 if abs(number) >= 1 else 4
    return f"{number:,.{digits}f}"
