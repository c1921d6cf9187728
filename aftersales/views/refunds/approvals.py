"""Approval requests that wait for a second person, and the answer to one."""

from functools import partial
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aftersales.actions.refunds import approvals as actions
from aftersales.forms.refunds.finance import AnswerForm
from aftersales.models import ApprovalRequest, User
from aftersales.queries.refunds import approvals
from aftersales.views import submissions
from aftersales.views.access import actor, page
from aftersales.views.cases.moves import version_of
from aftersales.views.paging import marks, neighbours
from orders.refusals import Refused


@page("approvals")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Every waiting request, the oldest first; those one may not decide say why."""
    return _shown(request)


@page("approvals")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow or decline a request, with an answer that goes on record."""
    asked = get_object_or_404(approvals.visible(cast(User, request.user)), pk=pk)
    form = AnswerForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _shown(request, asked, form, status=422)
    is_allowed = request.POST.get("verdict") == "allow"
    return submissions.perform(
        request,
        lambda: _decide(request, asked, form.cleaned_data["answer"], is_allowed=is_allowed),
        again=lambda refusal: _shown(request, asked, form, refusal),
        done=_("Allowed.") if is_allowed else _("Declined."),
    )


def _decide(request: HttpRequest, asked: ApprovalRequest, answer: str, *, is_allowed: bool) -> str:
    if asked.status != ApprovalRequest.Status.PENDING:
        raise Refused(_("Somebody has decided this meanwhile: %(state)s.") % {"state": asked.get_status_display()})
    verb = partial(actions.allow, request_id=asked.pk) if is_allowed else actions.decline
    verb(asked.case_id, by=actor(request), at=timezone.now(), answer=answer, version=version_of(request))
    return reverse("aftersales:approvals")


def _shown(
    request: HttpRequest,
    asked: ApprovalRequest | None = None,
    form: AnswerForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = approvals.page(cast(User, request.user), **marks(request))
    typed = {asked.pk: form} if asked and form else {}
    cards = [
        {
            "asked": each,
            "form": typed.get(each.request.pk, AnswerForm(prefix=str(each.request.pk))),
            "once": submissions.new_key(),
        }
        for each in approvals.for_person(rows.rows, actor(request), timezone.now())
    ]
    context = {"cards": cards, "refusal": refusal, **neighbours(rows, reverse("aftersales:approvals"))}
    return render(request, "refunds/approvals/list.html", context, status=status)
