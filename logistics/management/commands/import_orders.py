"""Import orders from the export of another system."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from logistics.parcels import imported
from orders.importers import SOURCES, rejects, run
from orders.importers.reading.refusal import ReadError
from orders.importers.run import Summary
from orders.importers.sources.base import Source
from orders.models import Merchant

_MOST_SHOWN = 20


class Command(BaseCommand):
    """`manage.py import_orders SOURCE PATH… [--merchant CODE]`; importing again changes nothing twice."""

    help = "Import orders from an export. Orders that are known are brought up to date; an older file changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare source, files and options."""
        parser.add_argument("source", choices=sorted(SOURCES), help="the kind of export")
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="CSV or XLSX files, or a folder")
        parser.add_argument("--merchant", metavar="CODE", help="whose shop the export is from")
        parser.add_argument("--new-merchant", action="store_true", help="record that merchant if it is not known")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--json", action="store_true", help="end with one line of counts for scripts")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="write the rejected rows to a CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then print what became of the orders; CommandError if the files cannot be read."""
        source = SOURCES[options["source"]]
        try:
            summary = self._import(source, options)
        except ReadError as error:
            raise CommandError(error.sentence) from None
        except OperationalError as error:
            raise CommandError(
                _("The database failed (%(why)s). What was stored until then stays; import again for the rest.")
                % {"why": str(error).strip().splitlines()[0]}
            ) from error
        if options["rejects"]:
            self._write_rejects(summary, options["rejects"])
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_dict()))
        else:
            self._print(summary, is_dry_run=options["dry_run"])

    def _import(self, source: Source, options: dict[str, Any]) -> Summary:
        return run.import_paths(
            source,
            options["paths"],
            merchant=_merchant(source, options["merchant"], may_create=options["new_merchant"]),
            at=timezone.now(),
            record=imported.record,
            dry_run=options["dry_run"],
        )

    def _write_rejects(self, summary: Summary, path: Path) -> None:
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                rejects.write(summary.rejections, file)
        except OSError as error:
            raise CommandError(
                _("The rejected rows cannot be written to %(file)s: %(why)s.") % {"file": path, "why": error.strerror}
            ) from None

    def _print(self, summary: Summary, *, is_dry_run: bool) -> None:
        if is_dry_run:
            self.stdout.write(_("Nothing was changed; this is what would happen."))
        self.stdout.write(
            _(
                "%(read)d orders read in %(seconds).1f s: %(created)d created, %(updated)d updated, "
                "%(unchanged)d unchanged, %(rejected)d rejected."
            )
            % summary.as_dict()
        )
        self._print_rejections(summary)

    def _print_rejections(self, summary: Summary) -> None:
        for one in summary.rejections[:_MOST_SHOWN]:
            place = f"{one.file}:{one.line}" if one.line else one.file
            self.stdout.write(f"  {place} {one.order_number} {one.reason}")
        if len(summary.rejections) > _MOST_SHOWN:
            more = len(summary.rejections) - _MOST_SHOWN
            self.stdout.write(_("  … and %(more)d more; --rejects FILE lists all.") % {"more": more})


def _merchant(source: Source, code: str | None, *, may_create: bool) -> Merchant | None:
    """The merchant whose export it is; None where the export names its merchants itself."""
    if code is None:
        if source.needs_merchant:
            raise CommandError(_("Name the shop this export is from: --merchant CODE. %(known)s") % {"known": _known()})
        return None
    found = Merchant.objects.filter(code=code).first()
    if found is None and not may_create:
        sentence = _("No merchant has the code “%(code)s”. %(known)s Add --new-merchant to record it.")
        raise CommandError(sentence % {"code": code, "known": _known()})
    return found or _create(code, source)


def _create(code: str, source: Source) -> Merchant:
    merchant = Merchant(code=code, name=code, source=source.name)
    try:
        merchant.full_clean()
    except ValidationError:
        raise CommandError(
            _("“%(code)s” cannot be a merchant's code: letters, digits, hyphens, at most 64.") % {"code": code[:80]}
        ) from None
    merchant.save()
    return merchant


def _known() -> str:
    codes = list(Merchant.objects.order_by("code").values_list("code", flat=True)[:11])
    if not codes:
        return _("No merchant is known yet.")
    return _("Known are: %(codes)s.") % {"codes": ", ".join(codes[:10]) + (", …" if len(codes) > 10 else "")}
