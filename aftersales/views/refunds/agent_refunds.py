"""Giving money back: what is left of each line, the sum by the rules, and what pressing the button comes to."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from aftersales.actions import current_goods
from aftersales.actions.refunds import agent_refunds, calculation
from aftersales.forms.refunds.agent_refunds import RefundForm
from aftersales.models import Case
from aftersales.moves import deciding
from aftersales.queries.cases import case_page, wording
from aftersales.queries.cases.case_page import Facts
from aftersales.queries.refunds import refund_preview
from aftersales.queries.refunds.refund_preview import Sheet
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, page
from aftersales.views.cases import moves
from orders import money
from orders.refusals import Refused

DONE: Final = {
    agent_refunds.SUBMITTED: gettext_lazy("Submitted."),
    agent_refunds.SENT: gettext_lazy("Sent for approval to supervisors and finance."),
    agent_refunds.OFFERED: gettext_lazy("The offer is with the buyer."),
    agent_refunds.PROPOSED: gettext_lazy("Sent for approval to supervisors and finance."),
}
BUTTON: Final = {
    agent_refunds.SUBMITTED: gettext_lazy("Refund"),
    agent_refunds.SENT: gettext_lazy("Send for approval"),
    agent_refunds.OFFERED: gettext_lazy("Offer"),
    agent_refunds.PROPOSED: gettext_lazy("Send for approval"),
}


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def refund(request: DeskRequest, number: str) -> HttpResponse:
    """Show what can be given back, or give it back."""
    case, by, at = case_or_404(request, number), actor(request), timezone.now()
    if by.role_for(deciding.APPROVE) is None:
        raise PermissionDenied
    current_goods.look(case, at)
    total = _by_the_rules(case)
    if request.method != "POST":
        return _shown(request, case, RefundForm(case=case, by=by, at=at, total=total), at)
    form = RefundForm(request.POST, case=case, by=by, at=at, total=total)
    if not form.is_valid():
        return _shown(request, case, form, at, status=422)
    return submissions.perform(
        request,
        lambda: _submit(request, case, form, at),
        again=lambda refusal: _shown(request, case_or_404(request, number), form, at, refusal),
    )


def _by_the_rules(case: Case) -> Decimal:
    total = settlement.total(calculation.trial(case)) if chains.pays(case) else Decimal(0)
    return money.rounded(max(total, Decimal(0)), case.currency)


def _submit(request: DeskRequest, case: Case, form: RefundForm, at: datetime) -> str:
    said, version = form.cleaned_data, moves.version_of(request)
    outcome = agent_refunds.submit(case.pk, said["amount"], by=form.by, at=at, version=version, why=said["why"])
    submissions.tell(request, DONE[outcome])
    return reverse("aftersales:case", args=[case.number])


def _shown(
    request: DeskRequest, case: Case, form: RefundForm, at: datetime, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    facts = case_page.facts(case, request.user)
    context = {
        "case": case,
        "form": form,
        "facts": facts,
        "sheet": _sheet(case, facts),
        "label": _("Refund"),
        **_outcome(case, form, at),
        "refusal": refusal,
        "once": submissions.new_key(),
        "is_dialog": bool(request.htmx),
    }
    template = "refunds/case/_refund.html" if request.htmx else "refunds/case/refund.html"
    return render(request, template, context, status=status)


def _sheet(case: Case, facts: Facts) -> Sheet | None:
    """The calculation; none where the case pays nothing or nothing is left to pay."""
    drafts = calculation.trial(case) if chains.pays(case) else []
    sold = [row.line for row in facts.sold]
    return refund_preview.preview(case, drafts, sold, facts.payments) if drafts else None


def _outcome(case: Case, form: RefundForm, at: datetime) -> dict[str, Any]:
    """What the button is called and leads to, or why it can not be pressed."""
    try:
        outcome = agent_refunds.outcome_of(case, form.total, by=form.by, at=at)
    except Refused as refused:
        return {"button": BUTTON[agent_refunds.SUBMITTED], "consequence": "", "against": str(refused)}
    consequence = wording.consequence(case, case.type, form.total)
    return {"button": BUTTON[outcome], "consequence": consequence, "against": ""}
