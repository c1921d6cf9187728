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

from aftersales.actions.parties import privacy
from aftersales.actions.refunds import calculation
from aftersales.forms.conversation.thread import ComposerForm
from aftersales.models import Case, Draft
from aftersales.moves import acts, deciding, rights
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
    timeline,
    wording,
)
from aftersales.queries.cases.case_page import Choice, Facts
from aftersales.queries.cases.timeline import Entry
from aftersales.queries.console import queue_sidebar
from aftersales.queries.conversation import drafts, outbox, thread_filters, unread
from aftersales.queries.refunds import invoice_tasks, receivables, refund_preview
from aftersales.queries.replacements import repair_history
from aftersales.queries.returns import return_label
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.disputes import burden_of_proof
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from aftersales.views.buttons import Button
from aftersales.views.conversation import canned_replies

PRIMARY_KEY: Final = "g"


@page("cases")
@require_safe
@vary_on_headers("HX-Request")
def case(request: DeskRequest, number: str) -> HttpResponse:
    """The page; to htmx its timeline, or an older part of it."""
    found = case_or_404(request, number)
    if request.htmx and request.htmx.target == "timeline":
        return render(request, "conversation/thread/_timeline_swapped.html", thread_context(request, found))
    if request.htmx and request.GET.get("before"):
        return render(request, "conversation/thread/_entries.html", thread_context(request, found))
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
    """Everything the page shows."""
    by, at = actor(request), timezone.now()
    facts = case_page.facts(case, request.user)
    has_arrived = any(line.units_received for line in facts.lines)
    main, others = case_clock.promised(case, facts.deadlines)
    promises = [main, *others] if main else others
    procedure, thread = case_checklist.of(case), thread_context(request, case, composer, facts)
    return {
        "now": at,
        "timeline_icons": timeline.ALL_ICONS,
        "track": case_clock.track(case, has_arrived=has_arrived),
        "promised": main,
        "promises": others,
        "sheet": _sheet(case, facts),
        "facts": facts,
        "tracking": case_tracking.of(case, facts.parcels, at),
        "particulars": case_details.of(case, facts.lines),
        **_owed(case, by, at),
        "links": case_links.around(case, request.user),
        "may_reveal": by.role_for(acts.REVEAL) is not None,
        "may_print": return_label.is_due(case) and by.role_for(rights.PRINT_LABEL) is not None,
        "pane": queue_sidebar.rows(request.user, at, case.number),
        "claim_key": submissions.new_key() if by.role_for(acts.CLAIM) else "",
        "procedure": procedure,
        "rungs": compensation_tiers.of(case, facts.lines) if by.role_for(rights.TICK) is not None else [],
        "invoice_tasks": invoice_tasks.of(case),
        "earlier": repair_history.of(case, request.user),
        "may_finish": by.role_for(acts.FINISH_INVOICE_TASK) is not None,
        "burden": burden_of_proof.sentence(case),
        "may_tick": by.role_for(rights.TICK) is not None,
        "handover": case_handover.summary(case, facts, promises, _newest(case, thread, by), procedure),
        "signals": case_risk.signals(case, request.user, at) if timeline.is_insider(by.roles) else [],
        **steps_of(case, by, at),
        **thread,
    }


def thread_context(
    request: DeskRequest, case: Case, composer: ComposerForm | None = None, facts: Facts | None = None
) -> dict[str, Any]:
    """The thread with its composer."""
    by, family, at = actor(request), case_links.family(case.pk), timezone.now()
    kept_draft = drafts.draft(request.user.pk, case.pk)
    is_insider = timeline.is_insider(by.roles)
    show, is_newest = (
        thread_filters.known(request.GET.get("show", ""), is_insider=is_insider),
        "before" not in request.GET,
    )
    entries, older = timeline.page(
        case,
        is_insider=is_insider,
        evidence=facts.evidence if facts else list(case.evidence.all()),
        rounds=facts.rounds if facts else list(case.rounds.select_related("reject_reason")),
        before=timeline.place(request.GET.get("before", "")),
        family=family,
        show=show,
    )
    return {
        "case": case,
        "entries": entries,
        "older": older,
        "is_first_page": is_newest,
        "seen": unread.seen(entries, at, is_newest=is_newest),
        "composer": composer or ComposerForm(by=by, initial=_typed(kept_draft)),
        "kept_draft": kept_draft,
        "going_out": outbox.waiting(request.user.pk, at),
        "may_claim": by.role_for(acts.CLAIM) is not None,
        "family": family,
        "show": show,
        "shows": thread_filters.offered(is_insider=is_insider),
        "nothing": thread_filters.NOTHING[show],
        "once": submissions.new_key(),
        "has_tools": by.role_for(rights.USE_TOOLS) is not None,
        "may_add_photos": by.role_for(acts.EVIDENCE) is not None,
        "photos_before": case_links.photos_before(case, family),
    }


def _typed(draft: Draft | None) -> dict[str, str]:
    return {"text": draft.body, "kind": "note" if draft.is_note else "message"} if draft else {}


def _newest(case: Case, thread: dict[str, Any], by: Actor) -> list[Entry]:
    """The newest of everything, also where the thread shows a part of it."""
    if thread["is_first_page"] and not thread["show"]:
        return thread["entries"]
    is_insider = timeline.is_insider(by.roles)
    return timeline.page(case, is_insider=is_insider, evidence=(), rounds=(), family=thread["family"])[0]


def _owed(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    found = receivables.of_case(case)
    may_claim = by.role_for(acts.CLAIM_CARRIER) is not None and not any(each.parcel_id for each in found)
    suggested = receivables.proposal(case, found) if may_claim else None
    return {
        "owed": [(each, each.is_overdue(at)) for each in found],
        "claim_why": refund_preview.explained(suggested[1]) if suggested else "",
        "may_claim": may_claim,
        "is_shared": receivables.is_shared(case),
    }


def steps_of(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    """Buttons of what can be done now, and the sentences of what can not."""
    steps = case_page.next_steps(case_page.available(case, by, at), case.status)
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
        "macros_url": reverse("aftersales:case-macros", args=[case.number]) if by.role_for(rights.USE_TOOLS) else "",
        "unavailable": steps.refused,
        "elsewhere": steps.elsewhere,
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


def _sheet(case: Case, facts: Facts) -> refund_preview.Sheet | None:
    if facts.charges:
        return refund_preview.final(case, facts.charges, facts.refunds)
    if not (case.is_open and chains.pays(case)):
        return None
    sold = [row.line for row in facts.sold]
    ahead = facts.refunds if case.advanced_at else ()
    return refund_preview.preview(case, calculation.trial(case), sold, facts.payments, ahead)
