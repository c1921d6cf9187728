"""The test bank, for admins: its faults, balances, and its books beside ours. Absent where real money moves."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from aftersales.actions.refunds import gateway_notices
from aftersales.forms.refunds.sandbox import BalanceForm, FaultsForm
from aftersales.queries.refunds import reconciliation
from aftersales.views import submissions
from aftersales.views.access import page
from orders.gateways import sandbox


@page("sandbox")
@require_GET
def bank(request: HttpRequest) -> HttpResponse:
    """The page of the bank: faults, balances, both books."""
    return _shown(request)


@page("sandbox")
@require_POST
def faults(request: HttpRequest) -> HttpResponse:
    """Switch faults on and off."""
    _refuse_where_real()
    if request.POST.get("all") == "off":
        return _clear_faults(request)
    form = FaultsForm(request.POST)
    if not form.is_valid():
        return _shown(request, faults_form=form, status=422)
    form.store()
    messages.success(request, _("The faults are set."))
    return redirect("aftersales:sandbox")


def _clear_faults(request: HttpRequest) -> HttpResponse:
    sandbox.clear_faults()
    messages.success(request, _("All faults are off."))
    return redirect("aftersales:sandbox")


@page("sandbox")
@require_POST
def balance(request: HttpRequest) -> HttpResponse:
    """Top up or limit what a merchant can give back."""
    _refuse_where_real()
    form = BalanceForm(request.POST)
    if not form.is_valid():
        return _shown(request, balance_form=form, status=422)
    return submissions.perform(
        request, lambda: _store(form), again=lambda _refusal: _shown(request, balance_form=form), done=form.done
    )


def _store(form: BalanceForm) -> str:
    form.store()
    return reverse("aftersales:sandbox")


@page("sandbox")
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Apply the notices of the bank now rather than with the next sweep."""
    _refuse_where_real()
    count = gateway_notices.apply_notices(timezone.now())
    phrase = ngettext("%(count)d refund changed by notices.", "%(count)d refunds changed by notices.", count)
    messages.success(request, phrase % {"count": count})
    return redirect("aftersales:sandbox")


def _refuse_where_real() -> None:
    """In production the test bank is there only if the settings name it as a gateway."""
    if settings.IS_PRODUCTION and sandbox.Sandbox.name not in getattr(settings, "GATEWAYS", {}):
        raise Http404


def _shown(
    request: HttpRequest,
    *,
    faults_form: FaultsForm | None = None,
    balance_form: BalanceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    _refuse_where_real()
    context: dict[str, Any] = {
        "faults": faults_form or FaultsForm(),
        "on": len(sandbox.faults()),
        "balance": balance_form or BalanceForm(initial={"currency": "CNY"}),
        "balances": [(*key, amount) for key, amount in sandbox.balances().items()],
        "sums": reconciliation.sums(),
        "pairs": reconciliation.pairs(),
        "waiting": len(sandbox.pull_notices(100)),
        "once": submissions.new_key(),
    }
    return render(request, "refunds/sandbox/bank.html", context, status=status)
