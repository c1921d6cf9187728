"""The guarantee accounts of merchants: balances, the statement of one, what is paid in and taken out."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.disputes import guarantee
from aftersales.forms.disputes.guarantee import MovementForm
from aftersales.models import GuaranteeMovement
from aftersales.models.disputes.guarantee_movement import MovementKind
from aftersales.moves import rights
from aftersales.queries.disputes import guarantee as accounts_of
from aftersales.views import submissions
from aftersales.views.access import actor, insist, page
from aftersales.views.paging import marks, neighbours
from orders.models import Merchant
from orders.refusals import Refused

Act = Callable[..., GuaranteeMovement]
MOVES: Final[dict[str, tuple[Act, Promise | str]]] = {
    MovementKind.DEPOSIT: (guarantee.pay_in, _("Booked: the account has grown.")),
    MovementKind.WITHDRAWAL: (guarantee.ask_withdrawal, _("Asked: a second person has to confirm it.")),
}
ANSWERS: Final[dict[str, tuple[Act, Promise | str]]] = {
    "confirm": (guarantee.confirm_withdrawal, _("Confirmed: the withdrawal is booked.")),
    "drop": (guarantee.drop_withdrawal, _("The withdrawal is taken back.")),
}


@page("finance")
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The guarantee accounts of merchants, those that are low first in a list of their own."""
    merchants, balances = accounts_of.accounts(**marks(request))
    is_low = request.GET.get("list") == "low"
    address = reverse("aftersales:finance-accounts")
    context = {
        "balances": accounts_of.low() if is_low else balances,
        "is_low": is_low,
        "withdrawals": accounts_of.withdrawals(),
        **({} if is_low else neighbours(merchants, address)),
    }
    return render(request, "disputes/guarantee/accounts.html", context)


@page("finance")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, code: str) -> HttpResponse:
    """One account: its statement, what waits for a second person, the form for a transfer."""
    merchant = get_object_or_404(Merchant, code=code)
    if request.method != "POST":
        return _shown(request, merchant)
    insist(actor(request), rights.MOVE_GUARANTEE)
    form = MovementForm(request.POST)
    if not form.is_valid():
        return _shown(request, merchant, form, status=422)
    told = dict(form.cleaned_data)
    run, done = MOVES[told.pop("kind")]
    return submissions.perform(
        request,
        lambda: _address(run(merchant.pk, by=actor(request), at=timezone.now(), **told)),
        again=lambda refusal: _shown(request, merchant, form, refusal),
        done=done,
    )


@page("payout")
@require_POST
def answer(request: HttpRequest, code: str, pk: int, act: str) -> HttpResponse:
    """Confirm or take back a withdrawal; a refusal is said on the page of the account."""
    movement = get_object_or_404(GuaranteeMovement.objects.select_related("merchant"), pk=pk, merchant__code=code)
    if act not in ANSWERS:
        raise Http404
    run, done = ANSWERS[act]
    return submissions.perform(
        request,
        lambda: _address(run(pk, by=actor(request), at=timezone.now())),
        again=lambda refusal: _shown(request, movement.merchant, refusal=refusal),
        done=done,
    )


def _address(movement: GuaranteeMovement) -> str:
    return reverse("aftersales:finance-account", args=[movement.merchant.code])


def _shown(
    request: HttpRequest,
    merchant: Merchant,
    form: MovementForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    postings = accounts_of.statement(merchant, **marks(request))
    balances = accounts_of.balances([merchant])
    by = actor(request)
    context = {
        "merchant": merchant,
        "balances": balances,
        "postings": postings,
        "withdrawals": accounts_of.withdrawals(merchant),
        "me": by.user_id,
        "may_move": by.role_for(rights.MOVE_GUARANTEE) is not None,
        "form": form or MovementForm(initial=_begin(balances)),
        "refusal": refusal,
        "once": submissions.new_key(),
        **neighbours(postings, reverse("aftersales:finance-account", args=[merchant.code])),
    }
    return render(request, "disputes/guarantee/account.html", context, status=status)


def _begin(balances: list[accounts_of.Balance]) -> dict[str, str]:
    return {"kind": MovementKind.DEPOSIT, "currency": balances[0].currency if balances else "CNY"}
