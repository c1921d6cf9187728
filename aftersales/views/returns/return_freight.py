"""The freight of the way back that the buyer paid in the merchant's place, told in the case itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.actions.returns import return_freight
from aftersales.forms.returns.return_freight import ReturnFreightForm
from aftersales.models import Case
from aftersales.moves import goods
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from orders.refusals import Refused


@page("cases")
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: DeskRequest, number: str) -> HttpResponse:
    """Record it with its receipt; what is wrong with it is said beside the form."""
    by = actor(request)
    insist(by, goods.CLAIM_RETURN_FREIGHT)
    case = case_or_404(request, number)
    if request.method != "POST":
        return _claim_page(request, case, ReturnFreightForm(case=case))
    form = ReturnFreightForm(request.POST, request.FILES, case=case)
    if not form.is_valid():
        return _claim_page(request, case, form, status=422)
    return submissions.perform(
        request,
        lambda: _address(return_freight.claim(case.pk, by=by, at=timezone.now(), **form.cleaned_data)),
        again=lambda refusal: _claim_page(request, case, form, refusal=refusal),
        done=_("On record: it is owed to the buyer once the goods are accepted."),
    )


def _address(case: Case) -> str:
    return reverse("aftersales:case", args=[case.number])


def _claim_page(
    request: DeskRequest, case: Case, form: ReturnFreightForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "why_not": return_freight.refusal(case),
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "returns/return_freight/claim.html", context, status=status)
