"""「我要退款」「我要退货」: the form that opens a case, filled in as far as things are known."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.actions.cases import decisions
from aftersales.forms.cases.applications import ApplyForm, asked_in_all, recalculated
from aftersales.moves import acts
from aftersales.queries.cases import applications
from aftersales.queries.cases.applications import Options
from aftersales.rules.cases import case_types, return_window
from aftersales.rules.vocabulary import CaseType
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, order_or_404, page
from orders.refusals import Refused


@page("orders")
@require_http_methods(["GET", "POST"])
def apply(request: DeskRequest, number: str) -> HttpResponse:
    """The form, with what was typed so far where its amounts are worked out anew."""
    now, order = timezone.now(), order_or_404(request, number)
    if actor(request).role_for(acts.APPLY) is None:
        raise PermissionDenied(_("Your role may not apply for a buyer."))
    options = applications.options(order, order.lines.order_by("position"), now)
    option = options[_kind(request, options)]
    if request.method == "GET":
        return _shown(request, ApplyForm(order, option, chosen=_line(request)), options)
    form = ApplyForm(order, option, request.POST, request.FILES)
    if "recalculate" not in request.POST:
        return _sent(request, form, options, now)
    typed = recalculated(form, request.POST.dict(), request.headers.get("HX-Trigger-Name", ""))
    return _shown(request, ApplyForm(order, option, initial=typed), options)


def _sent(request: DeskRequest, form: ApplyForm, options: Options, now: datetime) -> HttpResponse:
    """Open the case and go there; 422 with the reason, and what was typed stays."""
    is_fit = form.is_valid()  # judged before the form's key is taken: photos take their time

    def act() -> str:
        if not is_fit:
            raise Refused(form.option.refusal or _("Please look at this again."))
        case = decisions.apply(form.application(), by=actor(request), at=now)
        return reverse("aftersales:case", args=[case.number])

    def again(refusal: Refused) -> HttpResponse:
        if is_fit:
            form.add_error(None, str(refusal))
        return _shown(request, form, options)

    return submissions.perform(request, act, again=again, done=_("The case is open."))


def _shown(request: DeskRequest, form: ApplyForm, options: Options) -> HttpResponse:
    context: dict[str, Any] = {
        "order": form.order,
        "form": form,
        "option": form.option,
        "wishes": _wishes(form, options),
        "total": asked_in_all(form),
        "freight_note": applications.freight_note(form.order),
        "once": request.POST.get("once") or submissions.new_key(),
        "photos_gone": bool(request.FILES),
        **_facts(form, timezone.now()),
    }
    return render(request, "orders/apply.html", context)


def _wishes(form: ApplyForm, options: Options) -> list[dict[str, Any]]:
    """A link to the form of each type."""
    address = reverse("aftersales:order-apply", args=[form.order.number])
    return [
        {"url": f"{address}?type={kind}", "label": case_types.of(kind).wish, "current": kind == form.option.type}
        for kind in options
    ]


def _facts(form: ApplyForm, now: datetime) -> dict[str, Any]:
    """What the type says of the page, and where the goods are."""
    record, is_unknown = case_types.of(form.option.type), form.order.is_silent(now)
    return {
        "now": now,
        "wish": record.wish,
        "has_amounts": record.takes_amount,
        "has_total": not record.sends,
        "is_change": bool(record.changes),
        "goods_return": record.returns,
        "goods": _("Not known") if is_unknown else return_window.goods_state(form.order, now).label,
        "is_unknown": is_unknown,
    }


def _kind(request: DeskRequest, options: Options) -> CaseType:
    """The type asked for; else the first that is possible."""
    asked = request.POST.get("type") or request.GET.get("type", "")
    if asked in CaseType.values:
        return CaseType(asked)
    return next((kind for kind, option in options.items() if not option.refusal), next(iter(options)))


def _line(request: DeskRequest) -> int | None:
    asked = request.GET.get("line", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
