"""The page of a case: queue, case and order beside each other; its buyer's data on request."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from aftersales import moves
from aftersales.actions.parties import privacy
from aftersales.actions.refunds import calculation
from aftersales.actions.returns import return_freight
from aftersales.forms.conversation.thread import ComposerForm
from aftersales.models import Case
from aftersales.moves import acts, deciding, goods, rights
from aftersales.moves.record import Place
from aftersales.queries.cases import (
    case_checklist,
    case_clock,
    case_details,
    case_handover,
    case_links,
    case_page,
    case_risk,
    case_tracking,
    compensation_tiers,
    possible_moves,
    timeline,
    wording,
)
from aftersales.queries.cases.case_page import Facts
from aftersales.queries.cases.possible_moves import Choice, NextSteps
from aftersales.queries.console import queue_sidebar
from aftersales.queries.policies import item_policies
from aftersales.queries.refunds import approvals, invoice_tasks, receivables, refund_preview
from aftersales.queries.replacements import repair_history
from aftersales.queries.returns import goods_owed, return_label
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.permissions import PAGES
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from aftersales.views.buttons import Button
from aftersales.views.cases import case_thread
from aftersales.views.conversation import canned_replies

# The same key whatever the step is called: g goes on.
PRIMARY_KEY: Final = "g"


@page("cases")
@require_safe
@vary_on_headers("HX-Request")
def case(request: DeskRequest, number: str) -> HttpResponse:
    """The page; to htmx its timeline, or an older part of it."""
    found = case_or_404(request, number)
    if request.htmx and request.htmx.target == "timeline":
        return render(request, "conversation/thread/_timeline_swapped.html", case_thread.context(request, found))
    if request.htmx and request.GET.get("before"):
        return render(request, "conversation/thread/_entries.html", case_thread.context(request, found))
    return render(request, "cases/case.html", page_context(request, found, canned_replies.prefilled(request, found)))


@page("cases")
@require_POST
@never_cache
@vary_on_headers("HX-Request")
def reveal(request: DeskRequest, number: str) -> HttpResponse:
    """One field of the buyer unmasked, after it was put on record."""
    found, by = case_or_404(request, number), actor(request)
    insist(by, acts.REVEAL)
    field = request.POST.get("what", "")
    if field not in wording.REVEALED:
        raise PermissionDenied(_("Only the name, the phone number and the address can be shown."))
    privacy.reveal(found.pk, [field], by=by, at=timezone.now())
    if request.htmx:
        return render(request, "cases/page/_buyer.html", {"case": found, "revealed": [field], "may_reveal": True})
    return render(request, "cases/case.html", page_context(request, found) | {"revealed": [field]})


def page_context(request: DeskRequest, case: Case, composer: ComposerForm | None = None) -> dict[str, Any]:
    """Everything that the page of a case shows, as its template names it."""
    by, at = actor(request), timezone.now()
    facts = case_page.facts(case, request.user)
    thread, progress = case_thread.context(request, case, composer, facts), _progress(case, facts)
    return {
        "now": at,
        "timeline_icons": timeline.ALL_ICONS,
        "facts": facts,
        "asked": _asked(case, facts, by),
        "links": case_links.links(case, request.user),
        "pane": queue_sidebar.rows(request.user, at, case.number),
        "signals": case_risk.signals(case, request.user, at) if timeline.is_insider(by.roles) else [],
        "earlier": repair_history.of(case, request.user),
        "tracking": case_tracking.of(case, facts.parcels, at),
        "details": case_details.of(case, facts.lines),
        "rules_of_items": item_policies.shown(case, facts.lines),
        **progress,
        **_money(case, facts, by, at),
        **_rights(case, by),
        **_help(case, facts, by, progress, thread),
        **steps_of(case, by, at),
        **thread,
    }


def _asked(case: Case, facts: Facts, by: Actor) -> str:
    """What a second person is asked for; the merchant does not read it before it is decided."""
    if facts.approval is None or facts.approval.ended_why or not timeline.is_insider(by.roles):
        return ""
    return approvals.sentence(facts.approval, case)


def _progress(case: Case, facts: Facts) -> dict[str, Any]:
    """The track, the deadline that counts, and the other ones."""
    has_arrived = any(line.units_received for line in facts.lines)
    main, others = case_clock.shown_deadlines(case, facts.deadlines, facts.refunds)
    return {"track": case_clock.track(case, has_arrived=has_arrived), "deadline": main, "other_deadlines": others}


def _money(case: Case, facts: Facts, by: Actor, at: datetime) -> dict[str, Any]:
    """The sum and what it is made of, what is owed beside it, and what the invoice needs."""
    found = receivables.of_case(case)
    may_claim = by.role_for(moves.money.CLAIM_CARRIER) is not None and not any(each.parcel_id for each in found)
    suggested = receivables.proposal(case, found) if may_claim else None
    return {
        "sheet": _sheet(case, facts),
        "owed": [(each, each.is_overdue(at)) for each in found],
        "claim_why": refund_preview.explained(suggested[1]) if suggested else "",
        "may_claim": may_claim,
        "may_tell_freight": may_tell_freight(case, by),
        "is_shared": receivables.is_shared(case),
        "invoice_tasks": invoice_tasks.of(case),
        "goods_owed": goods_owed.of_case(case),
    }


def may_tell_freight(case: Case, by: Actor) -> bool:
    """Whether the buyer's receipt for the way back can be put on record now."""
    return by.role_for(goods.CLAIM_RETURN_FREIGHT) is not None and not return_freight.refusal(case)


def _sheet(case: Case, facts: Facts) -> refund_preview.Sheet | None:
    if facts.charges:
        return refund_preview.final(case, facts.charges, facts.refunds)
    if not (case.is_open and chains.pays(case)):
        return None
    sold = [row.line for row in facts.sold]
    ahead = facts.refunds if case.advanced_at else ()
    return refund_preview.preview(case, calculation.trial(case), sold, facts.payments, ahead)


def _rights(case: Case, by: Actor) -> dict[str, Any]:
    return {
        "may_reveal": by.role_for(acts.REVEAL) is not None,
        "may_print": return_label.is_due(case) and by.role_for(rights.PRINT_LABEL) is not None,
        "may_finish": by.role_for(moves.money.FINISH_INVOICE_TASK) is not None,
        "may_open_goods": bool(by.roles & PAGES["goods_owed"]),
        "may_tick": by.role_for(rights.TICK) is not None,
        "claim_key": submissions.new_key() if by.role_for(acts.CLAIM) else "",
    }


def _help(case: Case, facts: Facts, by: Actor, progress: dict[str, Any], thread: dict[str, Any]) -> dict[str, Any]:
    """What helps an agent to decide: the procedure, who has to prove what, what is open, what may still be given."""
    procedure = case_checklist.of(case)
    deadlines = [*filter(None, [progress["deadline"]]), *progress["other_deadlines"]]
    return {
        "procedure": procedure,
        "burden": burden_of_proof.sentence(case),
        "handover": case_handover.summary(case, facts, deadlines, case_thread.newest(case, thread, by), procedure),
        "tiers": compensation_tiers.of(case, facts.lines) if by.role_for(rights.TICK) is not None else [],
    }


def steps_of(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    """Buttons of what can be done now, and the sentences of what can not."""
    steps = possible_moves.next_steps(possible_moves.available(case, by, at), case.status)
    return {
        **_buttons(case, by, steps),
        "macros_url": reverse("aftersales:case-macros", args=[case.number]) if by.role_for(rights.USE_TOOLS) else "",
        "unavailable": steps.refused,
        "elsewhere": steps.elsewhere,
    }


def _buttons(case: Case, by: Actor, steps: NextSteps) -> dict[str, Any]:
    primary = _button(case, steps.primary, key=PRIMARY_KEY) if steps.primary else None
    buttons = [(choice.act.place, _button(case, choice, key=choice.act.key)) for choice in steps.others]
    others = [button for place, button in buttons if place != Place.BESIDE]
    if primary and primary.is_danger:
        # Neither the place nor the key that a hand reaches for without looking.
        others.insert(0, primary._replace(key=""))
        primary = None
    beside = [*_refund(case, by), *(button for place, button in buttons if place == Place.BESIDE)]
    return {
        "primary": primary._replace(css="primary") if primary else None,
        "others": others,
        "beside": [button._replace(css="ghost") for button in beside],
    }


def _refund(case: Case, by: Actor) -> list[Button]:
    if not (case.is_open and chains.pays(case) and by.role_for(deciding.APPROVE)):
        return []
    url = reverse("aftersales:case-refund", args=[case.number])
    return [Button(_("Refund"), url, "f", is_dialog=True)]


def _button(case: Case, choice: Choice, *, key: str) -> Button:
    act = choice.act
    if act.place == Place.FINANCE:
        return Button(choice.label, "/finance/", key)
    if act.place == Place.WAREHOUSE:
        return Button(choice.label, f"/warehouse/{case.number}/", key)
    url = reverse(f"aftersales:case-{act.name.replace('_', '-')}", args=[case.number])
    return Button(choice.label, url, key, is_danger=act.is_danger, is_dialog=True)
