"""The list of rejected rows as a CSV file that a spreadsheet opens without running anything. Pure."""

import csv
from collections.abc import Iterable
from typing import IO

from django.utils.translation import gettext as _

from orders.importers.facts import Rejection


def write(rejections: Iterable[Rejection], file: IO[str]) -> None:
    """Write place, reason and original cells of each; open `file` with newline="" and, for Excel, utf-8-sig."""
    rows = list(rejections)
    # Files of one import may have different columns: each heading once, in the order in which they are met.
    headings = list(dict.fromkeys(heading for one in rows for heading in one.row))
    writer = csv.writer(file)
    writer.writerow([_("File"), _("Line"), _("Order"), _("Reason"), *map(harmless, headings)])
    for one in rows:
        reported = [harmless(one.row.get(heading, "")) for heading in headings]
        writer.writerow(
            [harmless(one.file), one.line or "", harmless(one.order_number), harmless(one.reason), *reported]
        )


def harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula: an apostrophe before what may start one."""
    # A spreadsheet skips these before it looks for a formula, and some take full-width signs for plain ones.
    bare = cell.lstrip(" \t\r\n\ufeff\xa0\u3000")
    is_formula = bare[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") and not _is_number(bare)
    return f"'{cell}" if is_formula or cell[:1] in ("\t", "\r", "\n") else cell


def _is_number(bare: str) -> bool:
    return bare[1:].replace(".", "", 1).isascii() and bare[1:].replace(".", "", 1).isdigit()
