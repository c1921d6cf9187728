"""Payments that a buyer's bank disputes: their list, the first word of the bank, and its last."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from aftersales import moves
from aftersales.actions.disputes import payment_disputes
from aftersales.forms.disputes.payment_disputes import DisputeForm
from aftersales.models import PaymentDispute
from aftersales.queries import keyset
from aftersales.queries.disputes import payment_disputes as disputes
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, insist, page
from aftersales.views.paging import marks, neighbours
from orders.models import Payment
from orders.refusals import Refused

ENDS: Final[dict[str, tuple[Callable[..., PaymentDispute], Promise | str]]] = {
    "won": (payment_disputes.win, _("Won: what waited goes on.")),
    "lost": (payment_disputes.lose, _("Lost: what the bank took counts as paid to the buyer.")),
}


@page("finance")
@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    """One list at a time: open, lost, won."""
    name = request.GET.get("list", "")
    name = name if name in disputes.LISTS else next(iter(disputes.LISTS))
    rows, address = disputes.page(name, **marks(request)), reverse("aftersales:finance-disputes")
    context = {
        "list": name,
        "label": disputes.LISTS[name][0],
        "rows": rows,
        "tabs": _tabs(name, address),
        **neighbours(rows, address, list=name),
    }
    return render(request, "disputes/payments/list.html", context)


@page("payout")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: DeskRequest, payment: int) -> HttpResponse:
    """Record that the bank disputes a payment."""
    found = disputes.payment(request.user, payment)
    if found is None:
        raise Http404
    form = DisputeForm(request.POST or None, payment=found)
    if request.method != "POST" or not form.is_valid():
        return _form(request, found, form, status=422 if request.method == "POST" else 200)
    return submissions.perform(
        request,
        lambda: _address(payment_disputes.begin(payment, by=actor(request), at=timezone.now(), **form.cleaned_data)),
        again=lambda refusal: _form(request, found, form, refusal),
        done=_("Recorded: refunds along this payment wait until the dispute has ended."),
    )


@page("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: DeskRequest, pk: int) -> HttpResponse:
    """One dispute with what waits for it; finance records how it ended."""
    if request.method != "POST" or disputes.one(request.user, pk) is None:
        return _shown(request, pk)
    insist(actor(request), moves.money.DISPUTE_PAYMENT)
    if request.POST.get("outcome") not in ENDS:
        return _shown(request, pk, status=422)
    run, done = ENDS[request.POST["outcome"]]
    return submissions.perform(
        request,
        lambda: _address(run(pk, by=actor(request), at=timezone.now())),
        again=lambda refusal: _shown(request, pk, refusal),
        done=done,
    )


def _address(found: PaymentDispute) -> str:
    return reverse("aftersales:finance-dispute", args=[found.pk])


def _form(
    request: DeskRequest, payment: Payment, form: DisputeForm, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {"payment": payment, "form": form, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "disputes/payments/new.html", context, status=status)


def _shown(request: DeskRequest, pk: int, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    found = disputes.one(request.user, pk)
    if found is None:
        raise Http404
    context = {
        "dispute": found.dispute,
        "refunds": found.refunds,
        "total": found.total,
        "may_end": found.dispute.ended_at is None and actor(request).role_for(moves.money.DISPUTE_PAYMENT) is not None,
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "disputes/payments/dispute.html", context, status=status)


def _tabs(present: str, address: str) -> list[dict[str, Any]]:
    return [
        {
            "url": f"{address}?list={name}",
            "label": label,
            "count": keyset.capped_text(disputes.listed(name).count()),
            "current": name == present,
        }
        for name, (label, _outcome) in disputes.LISTS.items()
    ]
