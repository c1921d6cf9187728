"""The page of a case: queue, case and order beside each other; its buyer's data on request."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales.actions import calculation, privacy
from aftersales.forms.thread import ComposerForm
from aftersales.models import Case
from aftersales.queries import (
    case_checklist,
    case_clock,
    case_handover,
    case_label,
    case_links,
    case_money,
    case_page,
    case_particulars,
    case_risk,
    case_timeline,
    case_tracking,
    case_words,
    chores,
    inbox,
    ladder,
    owed,
    repair_history,
    unread,
)
from aftersales.queries.case_page import Choice, Facts
from aftersales.rules import burden, chains
from aftersales.rules.actor import Actor
from aftersales.views import acting, moves
from aftersales.views.access import DeskRequest, actor, case_or_404, page

KEYS: Final = {"offer": "o", "extend": "e", "assign": "a"}
PRIMARY_KEY: Final = "g"


@page("cases")
@require_safe
@vary_on_headers("HX-Request")
def case(request: DeskRequest, number: str) -> HttpResponse:
    """The page; to htmx an older part of its timeline."""
    found = case_or_404(request, number)
    if request.htmx and request.GET.get("before"):
        return render(request, "cases/_entries.html", thread_context(request, found))
    return render(request, "cases/case.html", page_context(request, found))


@page("cases")
@require_POST
@never_cache
@vary_on_headers("HX-Request")
def reveal(request: DeskRequest, number: str) -> HttpResponse:
    """One field of the buyer unmasked, after it was put on record."""
    found, by = case_or_404(request, number), actor(request)
    field = request.POST.get("what", "")
    if field not in case_words.REVEALED or by.role_for("reveal") is None:
        raise PermissionDenied
    privacy.reveal(found.pk, [field], by=by, at=timezone.now())
    if request.htmx:
        return render(request, "cases/_buyer.html", {"case": found, "revealed": [field], "may_reveal": True})
    return render(request, "cases/case.html", page_context(request, found) | {"revealed": [field]})


def page_context(request: DeskRequest, case: Case, composer: ComposerForm | None = None) -> dict[str, Any]:
    """Everything the page shows."""
    by, at = actor(request), timezone.now()
    facts = case_page.facts(case, request.user)
    has_arrived = any(line.units_received for line in facts.lines)
    main, others = case_clock.promised(case, facts.deadlines)
    promises = [main, *others] if main else others
    procedure, thread = case_checklist.of(case), thread_context(request, case, composer, facts)
    return {
        "now": at,
        "track": case_clock.track(case, has_arrived=has_arrived),
        "promised": main,
        "promises": others,
        "sheet": _sheet(case, facts),
        "facts": facts,
        "tracking": case_tracking.of(case, facts.parcels, at),
        "particulars": case_particulars.of(case, facts.lines),
        **_owed(case, by, at),
        "links": case_links.around(case, request.user),
        "may_reveal": by.role_for("reveal") is not None,
        "may_print": case_label.is_due(case) and by.role_for("print_label") is not None,
        "pane": inbox.pane(request.user, at, case.number),
        "claim_key": acting.new_key() if by.role_for("claim") else "",
        "procedure": procedure,
        "rungs": ladder.of(case, facts.lines) if by.role_for("tick") is not None else [],
        "chores": chores.of(case),
        "earlier": repair_history.of(case, request.user),
        "may_finish": by.role_for("finish_chore") is not None,
        "burden": burden.sentence(case),
        "may_tick": by.role_for("tick") is not None,
        "handover": case_handover.summary(case, facts, promises, thread["entries"], procedure),
        "signals": case_risk.signals(case, request.user, at) if case_timeline.is_insider(by.roles) else [],
        **_steps(case, by, at),
        **thread,
    }


def thread_context(
    request: DeskRequest, case: Case, composer: ComposerForm | None = None, facts: Facts | None = None
) -> dict[str, Any]:
    """The thread with its composer."""
    by, family, at = actor(request), case_links.family(case.pk), timezone.now()
    messages_only, is_newest = request.GET.get("show") == "messages", "before" not in request.GET
    entries, older = case_timeline.page(
        case,
        is_insider=case_timeline.is_insider(by.roles),
        evidence=facts.evidence if facts else list(case.evidence.all()),
        rounds=facts.rounds if facts else list(case.rounds.select_related("reject_reason")),
        before=case_timeline.place(request.GET.get("before", "")),
        family=family,
        messages_only=messages_only,
    )
    return {
        "case": case,
        "entries": entries,
        "older": older,
        "is_first_page": is_newest,
        "seen": unread.seen(entries, at, is_newest=is_newest),
        "messages_only": messages_only,
        "composer": composer or ComposerForm(by=by),
        "once": acting.new_key(),
        "may_add_photos": by.role_for("evidence") is not None,
        "photos_before": case_links.photos_before(case, family),
    }


def _owed(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    found = owed.of_case(case)
    may_claim = by.role_for("claim_carrier") is not None and not any(each.parcel_id for each in found)
    suggested = owed.proposal(case, found) if may_claim else None
    return {
        "owed": [(each, each.is_overdue(at)) for each in found],
        "claim_why": case_money.explained(suggested[1]) if suggested else "",
        "may_claim": may_claim,
        "is_shared": owed.is_shared(case),
    }


def _steps(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    steps = case_page.next_steps(case_page.available(case, by, at), case.status)
    primary = _button(case, steps.primary, by, key=PRIMARY_KEY) if steps.primary else None
    others = [_button(case, choice, by, key=KEYS.get(choice.action, "")) for choice in steps.others]
    if primary and primary.get("danger"):
        # Neither the place nor the key that a hand reaches for without looking.
        others.insert(0, primary | {"key": ""})
        primary = None
    return {
        "primary": primary,
        "others": others,
        "unavailable": steps.refused,
        "elsewhere": steps.elsewhere,
    }


def _button(case: Case, choice: Choice, by: Actor, *, key: str) -> dict[str, Any]:
    way = moves.ACTIONS.get(choice.action)
    if way is None:
        return {"label": choice.label, "url": _elsewhere(case, choice.action), "key": key}
    url = reverse(f"aftersales:case-{choice.action.replace('_', '-')}", args=[case.number])
    return {"label": choice.label, "url": url, "key": key, "danger": way.is_danger, "dialog": True}


def _elsewhere(case: Case, action: str) -> str:
    """Receiving and inspecting have a page of their own, refunds too."""
    return "/finance/" if "refund" in action else f"/warehouse/{case.number}/"


def _sheet(case: Case, facts: Facts) -> case_money.Sheet | None:
    if facts.charges:
        return case_money.final(case, facts.charges, facts.refunds)
    if not (case.is_open and chains.pays(case)):
        return None
    sold = [row.line for row in facts.sold]
    ahead = facts.refunds if case.advanced_at else ()
    return case_money.preview(case, calculation.trial(case), sold, facts.payments, ahead)
