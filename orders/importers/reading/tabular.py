"""The files of an export: which layout each fits, and where its header stands. Pure but for reading."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from orders.importers.reading import files, layouts
from orders.importers.reading.files import RawRow
from orders.importers.reading.layouts import Layout
from orders.importers.reading.refusal import ReadError
from orders.importers.reading.table_rows import Table

# Some exports put a title or a note above their header.
_HEADER_WITHIN: Final = 8
_SHOWN: Final = 12


def open_tables(
    paths: Sequence[Path], kinds: Sequence[Layout], zone: str, *, month_first: bool = False
) -> dict[str, list[Table]]:
    """Sort files, and the files of folders, by the layout they fit; ReadError if one that is needed is not there."""
    found: dict[str, list[Table]] = {kind.name: [] for kind in kinds}
    misfits: list[ReadError] = []
    for path, is_named in _files(paths):
        try:
            table = open_table(path, kinds, zone, month_first=month_first)
        except ReadError as error:
            # A folder may hold more than we need; a file that somebody named must be understood.
            if is_named:
                raise
            misfits.append(error)
        else:
            found[table.layout.name].append(table)
    _require_all(kinds, found, misfits)
    return found


def open_table(path: Path, kinds: Sequence[Layout], zone: str, *, month_first: bool = False) -> Table:
    """Find the header and the layout of one file; ReadError naming the columns that are missing and those found."""
    misfit: tuple[int, ReadError] | None = None
    for open_rows in _readings(path):
        for line, headings in files.head(open_rows(), _HEADER_WITHIN):
            for kind in kinds:
                lacking = layouts.missing(headings, kind)
                if not lacking:
                    _refuse_repeated(path, headings, kind)
                    return Table(path, kind, headings, line, zone, month_first, open_rows)
                # The complaint is about the layout that fits best, which is most likely the one that was meant.
                fit = len(layouts.places(headings, kind))
                if misfit is None or fit > misfit[0]:
                    misfit = fit, _unfit(path, headings, lacking, kind)
    raise (misfit[1] if misfit else ReadError(_("%(file)s is empty.") % {"file": path.name}))


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    for path in paths:
        if path.is_dir():
            yield from ((file, False) for file in sorted(path.iterdir()) if file.suffix.lower() in files.SUFFIXES)
        elif path.exists():
            yield path, True
        else:
            raise ReadError(_("There is no file %(file)s.") % {"file": path})


def _readings(path: Path) -> Iterator[Callable[[], Iterator[RawRow]]]:
    if files.is_workbook(path):
        yield from ((lambda sheet=sheet: files.sheet_rows(path, sheet)) for sheet in files.sheets(path))
        return
    encoding = files.encoding_of(path)
    yield from (
        (lambda delimiter=delimiter: files.csv_rows(path, encoding, delimiter)) for delimiter in files.DELIMITERS
    )


def _require_all(kinds: Sequence[Layout], found: dict[str, list[Table]], misfits: list[ReadError]) -> None:
    lacking = [kind for kind in kinds if not kind.is_optional and not found[kind.name]]
    if not lacking:
        return
    if misfits and not any(found.values()):
        raise misfits[0]
    wanted = "; ".join(f"{kind.title} ({_columns(kind)})" for kind in lacking)
    raise ReadError(_("A file is missing: %(wanted)s.") % {"wanted": wanted})


def _columns(kind: Layout) -> str:
    return ", ".join(column.headings[0] for column in kind.columns if column.is_required)


def _unfit(path: Path, headings: list[str], lacking: list[str], kind: Layout) -> ReadError:
    there = ", ".join(heading.strip("\ufeff \t\r\n")[:40] for heading in headings[:_SHOWN] if heading.strip()) or "–"
    return ReadError(
        _("%(file)s is no file “%(kind)s”. Missing columns: %(lacking)s. Found: %(there)s.")
        % {
            "file": path.name,
            "kind": kind.title,
            "lacking": ", ".join(lacking),
            "there": there,
        }
    )


def _refuse_repeated(path: Path, headings: list[str], kind: Layout) -> None:
    twice = layouts.repeated(headings, kind)
    if twice:
        raise ReadError(
            _("%(file)s has the column %(column)s more than once, so it is not clear which one counts.")
            % {"file": path.name, "column": ", ".join(twice)}
        )
