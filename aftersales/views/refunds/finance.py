"""The pages of finance: refunds by what they wait for, one refund with its history, guarantee accounts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.refunds import intents, manual_settlement, retries
from aftersales.actions.refunds.finance import releases
from aftersales.forms.fields import plain
from aftersales.forms.refunds.finance import SettlementForm, chosen
from aftersales.models import Event, Refund, User
from aftersales.queries import keyset
from aftersales.queries.cases import wording
from aftersales.queries.disputes import guarantee, payment_disputes
from aftersales.queries.refunds import finance, finance_limits
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import retry_outcome
from aftersales.rules.vocabulary import RefundStatus, Role
from aftersales.views import submissions
from aftersales.views.access import actor, page
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused

R = RefundStatus
# The last argument is what was typed, or the outcome that the person has read.
Act = Callable[[Refund, Actor, datetime, str | None], Refund]
Said = Callable[[Refund], str] | Promise | str
ACTS: Final[dict[str, tuple[Act, Said]]] = {
    "release": (
        lambda refund, by, at, _reference: releases.release(refund.pk, by=by, at=at),
        releases.said,
    ),
    "retry": (
        lambda refund, by, at, seen: retries.retry(refund.pk, by=by, at=at, seen=seen),
        gettext_lazy("On its way: the worker asks the gateway before anything is sent."),
    ),
    "propose": (
        lambda refund, by, at, reference: manual_settlement.propose(refund.pk, by=by, at=at, reference=reference or ""),
        gettext_lazy("Proposed: a second person has to confirm it."),
    ),
    "confirm": (
        lambda refund, by, at, _reference: manual_settlement.confirm(refund.pk, by=by, at=at),
        gettext_lazy("Confirmed: the refund counts as paid."),
    ),
    "drop": (
        lambda refund, by, at, _reference: manual_settlement.drop(refund.pk, by=by, at=at),
        gettext_lazy("The proposal is withdrawn."),
    ),
}


@page("finance")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """One list at a time; every total opens the list that it sums up."""
    user, at = cast(User, request.user), timezone.now()
    sums = finance.totals(user, at)
    name = _list_name(request, sums)
    currency = plain(request.GET.get("currency", ""))[:3]
    address = reverse("aftersales:finance")
    rows = finance.page(user, name, at, currency, **marks(request))
    context = {
        "now": at,
        "list": name,
        "ticks": name == "release" and Role.FINANCE in user.roles,
        "label": finance.LISTS[name].label,
        "currency": currency,
        "tabs": _tabs(sums, name, address),
        "rows": rows,
        "sums": [each for each in sums[name] if currency in ("", each.currency)],
        "all_sums": sums[name],
        "disputed": payment_disputes.open_count(),
        "low": len(guarantee.low()),
        "stuck": sum(each.count for each in sums["unknown"]) if name != "unknown" else 0,
        **neighbours(rows, address, list=name, currency=currency),
    }
    return render(request, "refunds/finance/desk.html", context)


def _list_name(request: HttpRequest, sums: dict[str, list[finance.Total]]) -> str:
    """The list that is asked for, else the first that holds anything."""
    name = request.GET.get("list", "")
    return name if name in finance.LISTS else next((one for one in finance.LISTS if sums[one]), "release")


@page("finance")
@require_GET
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """One refund: what it waits for, its history, payment and postings."""
    return _shown(request, _found(request, number))


@page("payout")
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Release, retry, propose, confirm or drop one refund; each goes on record."""
    found, by, at = _found(request, number), actor(request), timezone.now()
    if act not in ACTS:
        raise Http404
    form = SettlementForm(request.POST if act == "propose" else None)
    if form.is_bound and not form.is_valid():
        return _shown(request, found, form, status=422)
    typed = form.cleaned_data["reference"] if form.is_bound else request.POST.get("outcome")
    return submissions.perform(
        request,
        lambda: _done(request, act, found, by, at, typed),
        again=lambda refusal: _shown(request, found, form, refusal),
    )


def _done(request: HttpRequest, act: str, refund: Refund, by: Actor, at: datetime, typed: str | None) -> str:
    run, said = ACTS[act]
    done = run(refund, by, at, typed)
    submissions.tell(request, said(done) if callable(said) else said)
    return reverse("aftersales:finance-refund", args=[done.number])


@page("payout")
@require_http_methods(["GET", "HEAD", "POST"])
def release_many(request: HttpRequest) -> HttpResponse:
    """Show the ticked refunds with their sum, then release them: money has no undo, so nothing goes out unseen."""
    ids = chosen((request.POST or request.GET).getlist("r"))
    if request.method != "POST":
        return _selection(request, ids)
    return submissions.perform(
        request, lambda: _release(request, ids), again=lambda refusal: _selection(request, ids, refusal)
    )


def _found(request: HttpRequest, number: str) -> Refund:
    found = finance.by_number(cast(User, request.user), number)
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest,
    refund: Refund,
    form: SettlementForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    # A refusal means that somebody was faster: the page shows the refund as it is by now.
    refund = _found(request, refund.number) if refusal else refund
    history = finance.history(refund)
    context = {
        "refund": refund,
        "case": refund.case,
        "history": history,
        "entries": _entries(refund, history.events),
        "form": form if form is not None and form.is_bound else SettlementForm(),
        **_rights(refund, actor(request)),
        "needs_second": _needs_second(refund, actor(request)),
        "is_disputed": payment_disputes.is_open(refund.payment_id),
        "outcome": retry_outcome.sentence(refund, refund.case.order, timezone.now()),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "refunds/finance/refund.html", context, status=status)


def _rights(refund: Refund, by: Actor) -> dict[str, bool]:
    """What the refund waits for now, and whether this person may do it."""
    return {
        "pays": Role.FINANCE in by.roles,
        "may_release": refund.status == R.AWAITING_RELEASE,
        "may_retry": refund.status in (R.FAILED, R.REVERSED) or refund.may_be_asked_again,
        "may_settle": refund.status in intents.SETTLED_MANUALLY,
        "is_mine": refund.hand_proposed_by_id == by.user_id,
        "is_first": refund.first_released_by_id == by.user_id,
    }


def _needs_second(refund: Refund, by: Actor) -> str:
    """Sentence why a release by this person does not suffice, before they make it; nothing where it does."""
    if refund.status != R.AWAITING_RELEASE or refund.first_released_by_id is not None:
        return ""
    return finance_limits.above(refund.case, refund.amount, by, timezone.now()) or ""


def _entries(refund: Refund, events: list[Event]) -> list[dict[str, Any]]:
    entries = [{"kind": "system", "who": _("The case"), "at": refund.created_at, "event": _("made this refund")}]
    entries += [_entry(refund, event) for event in events]
    # Paid by the gateway is no event of the case; settled manually is one.
    if refund.status == R.SUCCEEDED and refund.hand_confirmed_by_id is None:
        entries.append({"kind": "system", "who": refund.gateway, "at": refund.ended_at, "event": _("paid the refund")})
    return entries


def _entry(refund: Refund, event: Event) -> dict[str, Any]:
    return {
        "kind": "system" if event.user is None else "agent",
        "who": wording.who(refund.case, event.role, event.user),
        "at": event.happened_at,
        "event": wording.happened(event),
        "detail": " · ".join(
            str(event.data[name]) for name in ("reference", "code", "message") if event.data.get(name)
        ),
    }


def _selection(request: HttpRequest, ids: list[int], refusal: Refused | None = None) -> HttpResponse:
    waiting = finance.selected(cast(User, request.user), ids)
    context = {
        "refunds": waiting,
        "sums": finance.sums(waiting),
        "gone": len(set(ids)) - len(waiting),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "refunds/finance/release.html", context)


def _release(request: HttpRequest, ids: list[int]) -> str:
    done = releases.release_many(ids, by=actor(request), at=timezone.now())
    sent, refused = [one for one, why in done if not why], [(one, why) for one, why in done if why]
    if not done:
        raise Refused(_("Choose at least one refund."))
    phrase = ngettext("%(count)d refund released.", "%(count)d refunds released.", len(sent)) % {"count": len(sent)}
    messages.success(request, phrase)
    for one, why in refused:
        messages.warning(request, f"{one.number[:12]}: {why}")
    return reverse("aftersales:finance")


def _tabs(sums: dict[str, list[finance.Total]], present: str, address: str) -> list[dict[str, Any]]:
    return [
        {
            "url": f"{address}?list={name}",
            "label": each.label,
            "count": keyset.capped_text(sum(total.count for total in sums[name])),
            "current": name == present,
        }
        for name, each in finance.LISTS.items()
    ]
