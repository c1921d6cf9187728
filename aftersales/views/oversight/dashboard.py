"""The supervisor's page: what is open now, and whose turn it is."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import User
from aftersales.queries.keyset import CAP
from aftersales.queries.oversight import dashboard, tiles
from aftersales.queries.oversight.dashboard import BacklogRow, Board, Number
from aftersales.queries.oversight.tiles import Tile
from aftersales.queries.policies import calendars
from aftersales.rules.policies import shop_day
from aftersales.views.access import DeskRequest, page


@page("now")
def now(request: DeskRequest) -> HttpResponse:
    """The dashboard: each number leads to the list that holds exactly its cases."""
    return render(request, "oversight/dashboard/dashboard.html", _context(request.user, timezone.now()))


def _context(user: User, at: datetime) -> dict[str, Any]:
    today = shop_day.of(at)
    # Read once: numbers of one page that were read at different moments would not add up.
    counts = dashboard.board()
    return {
        "now": at,
        "warnings": calendars.warnings(today),
        "tiles": [_tile(tile, number, counts, today) for tile, number in tiles.numbers(user, counts, at)],
        "backlog": _backlog(counts, today),
        "ages": [{"label": label, "meaning": f"age-{index}"} for index, label in enumerate(_age_labels())],
        "agents": dashboard.agents(counts, today),
        "merchants": dashboard.merchants(counts),
        "refunds": sorted(dashboard.refunds_waiting(user, at).items()),
    }


def _tile(tile: Tile, number: int, counts: Board, today: date) -> Mapping[str, Any]:
    params = tile.params_on(today)
    return {
        "value": f"{CAP}+" if number > CAP and tile.is_capped else number,
        "name": tile.name,
        "url": reverse(tile.listing.route) + (f"?{urlencode(params)}" if params else ""),
        "meaning": "" if tile.is_plain_at_zero and not number else tile.meaning,
        "hint": tile.hint(number, counts),
    }


def _backlog(counts: Board, today: date) -> list[Mapping[str, Any]]:
    return [
        {
            "status": row.status,
            "label": row.status.label,
            "total": row.total.value,
            "url": _list_of(row.total),
            "parts": list(_ages(row)),
        }
        for row in dashboard.backlog(counts, today)
    ]


def _ages(row: BacklogRow) -> Iterator[Mapping[str, Any]]:
    for index, (label, age) in enumerate(zip(_age_labels(), row.ages, strict=True)):
        yield {"label": label, "value": age.value, "meaning": f"age-{index}", "url": _list_of(age)}


def _list_of(number: Number) -> str:
    return f"{reverse('aftersales:cases')}?{number.query}"


def _age_labels() -> list[str]:
    return [_("up to 1 day"), _("2–3 days"), _("4–7 days"), _("over 7 days")]
