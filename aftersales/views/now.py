"""The supervisor's page: what is open now, and whose turn it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.queries import dashboard, stuck
from aftersales.queries.dashboard import AGES, CAP, Board
from aftersales.rules import shop_day
from aftersales.rules.vocabulary import CaseType
from aftersales.views.access import page


@page("now")
def now(request: HttpRequest) -> HttpResponse:
    """Every number opens exactly its cases."""
    at = timezone.now()
    today = shop_day.of(at)
    counts = dashboard.board()
    context = {
        "now": at,
        "tiles": _tiles(counts, at),
        "backlog": _backlog(counts, at),
        "ages": [{"label": label, "meaning": f"age-{index}"} for index, label in enumerate(_age_labels())],
        "agents": dashboard.agents(counts, today),
        "merchants": dashboard.merchants(counts),
        "today": today,
        "refunds": sorted(dashboard.refunds_waiting().items()),
    }
    return render(request, "now/now.html", context)


def cases_url(**filters: object) -> str:
    """The list of cases behind a number."""
    return f"{reverse('aftersales:cases')}?{urlencode(filters)}"


def _tiles(counts: Board, at: datetime) -> list[Mapping[str, Any]]:
    due, today = dashboard.due_within(at), shop_day.of(at)
    missed, silent = dashboard.breached(), dashboard.approved_by_clock(today)
    return [
        {"value": counts.open, "name": _("open"), "url": cases_url(view="open")},
        {"value": counts.waiting_on_us, "name": _("waiting on us"), "url": cases_url(view="waiting")},
        {"value": counts.unassigned, "name": _("unassigned"), "url": cases_url(view="unassigned")},
        {
            "value": due["15m"],
            "name": _("due in 15 minutes"),
            "url": cases_url(view="open", due="15m"),
            "meaning": "warn",
        },
        {"value": due["1h"], "name": _("due in 1 hour"), "url": cases_url(view="open", due="1h"), "meaning": "warn"},
        {"value": due["4h"], "name": _("due in 4 hours"), "url": cases_url(view="open", due="4h")},
        {
            "value": due["overdue"],
            "name": _("past due"),
            "url": cases_url(view="open", due="overdue"),
            "meaning": "bad",
        },
        {"value": _capped(missed), "name": _("promise missed"), "url": cases_url(view="breached"), "meaning": "bad"},
        {
            "value": silent,
            "name": _("agreed by the clock today"),
            "url": cases_url(view="all", clock_approved=today.isoformat()),
            "meaning": "bad" if silent else "",
            "hint": _("target: none"),
        },
        _repairs(counts),
        {
            "value": _capped(stuck.count(at)),
            "name": _("stuck parcels"),
            "url": reverse("aftersales:stuck"),
            "meaning": "warn",
        },
    ]


def _repairs(counts: Board) -> Mapping[str, Any]:
    """Open repairs, and their share of everything that is open."""
    number = dashboard.repairs()
    is_exact = counts.open and number <= CAP
    share = _("%(percent)d %% of what is open") % {"percent": 100 * number // counts.open} if is_exact else ""
    url = cases_url(view="open", type=CaseType.REPAIR)
    return {"value": _capped(number), "name": _("repairs"), "url": url, "hint": share}


def _backlog(counts: Board, at: datetime) -> list[Mapping[str, Any]]:
    labels, rows = _age_labels(), dashboard.backlog(counts, shop_day.of(at))
    return [
        {
            "status": status,
            "label": status.label,
            "total": total,
            "url": cases_url(view="open", state=status),
            "parts": [
                {
                    "label": labels[index],
                    "value": count,
                    "meaning": f"age-{index}",
                    "url": cases_url(view="open", state=status, age=AGES[index][0]),
                }
                for index, count in enumerate(ages)
            ],
        }
        for status, ages, total in rows
        if total
    ]


def _age_labels() -> list[str]:
    return [_("up to 1 day"), _("2–3 days"), _("4–7 days"), _("over 7 days")]


def _capped(number: int) -> int | str:
    return f"{CAP}+" if number > CAP else number
