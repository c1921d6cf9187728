"""Goods that are owed back to buyers: the lists, one task with what can be done, and goods set aside on arrival."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.actions.returns.goods import goods_aside, goods_back
from aftersales.forms.returns.goods_owed import AsideForm, LeaveForm, SendForm
from aftersales.models import Case, GoodsOwed
from aftersales.moves import goods as acts
from aftersales.queries import keyset
from aftersales.queries.returns import goods_owed, warehouse
from aftersales.rules.vocabulary import Disposition
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, case_or_404, insist, page
from aftersales.views.paging import marks, neighbours
from aftersales.views.returns.warehouse import tabs
from orders.refusals import Refused

DONE: Final = {
    "send": gettext_lazy("Sent: the buyer is told."),
    "leave": gettext_lazy("Noted: the buyer leaves the goods to us."),
}


@page("goods_owed")
@require_GET
def lists(request: DeskRequest) -> HttpResponse:
    """What waits to be sent back, the overdue part of it, or what is done."""
    at, name = timezone.now(), request.GET.get("list", "")
    name = name if name in goods_owed.LISTS else "waiting"
    rows, address = goods_owed.page(request.user, name, at, **marks(request)), reverse("aftersales:goods-owed-list")
    counts = goods_owed.counts(request.user, at)
    context = {
        "rows": rows.rows,
        "list": name,
        "is_ended": goods_owed.LISTS[name].is_ended,
        "tabs": tabs(request.user, "goods"),
        "lists": [_list_tab(each, counts[each], name) for each in goods_owed.LISTS],
        **neighbours(rows, address, list=name),
    }
    return render(request, "returns/goods_owed/list.html", context)


def _list_tab(name: str, count: int, present: str) -> dict[str, Any]:
    return {
        "url": f"{reverse('aftersales:goods-owed-list')}?list={name}",
        "label": goods_owed.LISTS[name].label,
        "count": keyset.capped_text(count),
        "current": name == present,
    }


@page("goods_owed")
@require_GET
def goods(request: DeskRequest, pk: int) -> HttpResponse:
    """One task: what lies here, whose it is, who pays the way, and what can be done."""
    return _goods_page(request, _goods_or_404(request, pk))


@page("goods_owed")
@require_POST
def act(request: DeskRequest, pk: int, act: str) -> HttpResponse:
    """Send the goods, or record that the buyer leaves them; `act` in the address says which."""
    found = _goods_or_404(request, pk)
    if act not in DONE:
        raise Http404
    form = _forms(found, act, request.POST)[act]
    if not form.is_valid():
        return _goods_page(request, found, act=act, form=form, status=422)
    return submissions.perform(
        request,
        lambda: VERBS[act](request, found, form),
        again=lambda refusal: _goods_page(request, _goods_or_404(request, pk), act=act, form=form, refusal=refusal),
        done=DONE[act],
    )


def _send(request: DeskRequest, found: GoodsOwed, form: SendForm) -> str:
    said = form.cleaned_data
    parcel = {"carrier": said["carrier"], "waybill": said["waybill"], "note": said["note"], "freight": form.freight}
    goods_back.send(found.pk, by=actor(request), at=timezone.now(), **parcel)
    return reverse("aftersales:goods-owed-list")


def _leave(request: DeskRequest, found: GoodsOwed, form: LeaveForm) -> str:
    goes_to, note = Disposition(form.cleaned_data["disposition"]), form.cleaned_data["note"]
    goods_back.give_up(found.pk, by=actor(request), at=timezone.now(), disposition=goes_to, note=note)
    return reverse("aftersales:goods-owed-list")


# By name in the address of the form.
VERBS: Final[dict[str, Callable[..., str]]] = {"send": _send, "leave": _leave}


def _forms(found: GoodsOwed, act: str = "", data: Any = None) -> dict[str, Any]:
    """Both forms; `data` fills in the one that was sent."""
    return {
        "send": SendForm(data if act == "send" else None, goods=found, auto_id="send_%s"),
        "leave": LeaveForm(data if act == "leave" else None, auto_id="leave_%s"),
    }


def _goods_page(
    request: DeskRequest,
    found: GoodsOwed,
    *,
    act: str = "",
    form: forms.Form | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    by = actor(request)
    context = {
        "goods": found,
        "case": found.case,
        "is_overdue": found.is_overdue(timezone.now()),
        "may_send": by.role_for(acts.SEND_GOODS_BACK) is not None,
        "may_leave": by.role_for(acts.GIVE_UP_GOODS) is not None,
        "forms": _forms(found) | ({act: form} if form else {}),
        "act": act,
        "refusal": refusal,
        "once": submissions.new_key(),
    }
    return render(request, "returns/goods_owed/goods.html", context, status=status)


def _goods_or_404(request: DeskRequest, pk: int) -> GoodsOwed:
    # An address may hold a number larger than the database's bigint, which would be a fault of its own.
    found = goods_owed.one(request.user, pk) if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@page("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def aside(request: DeskRequest, number: str) -> HttpResponse:
    """Set goods aside that a case does not take; a form with the scanned waybill, then the record."""
    found = case_or_404(request, number)
    insist(actor(request), acts.SET_ASIDE)
    lines = list(found.order.lines.order_by("position"))
    if request.method != "POST":
        waybill = warehouse.code_of(request.GET.get("waybill", ""))[:64]
        return _aside_page(request, found, AsideForm(lines=lines, initial={"waybill": waybill}))
    form = AsideForm(request.POST, request.FILES, lines=lines)
    if not form.is_valid():
        return _aside_page(request, found, form, status=422)
    return submissions.perform(
        request,
        lambda: _set_aside(request, found, form),
        again=lambda refusal: _aside_page(request, found, form, refusal=refusal),
        done=_("Set aside and on record."),
    )


def _set_aside(request: DeskRequest, case: Case, form: AsideForm) -> str:
    row = goods_aside.put(case.pk, form.aside, by=actor(request), at=timezone.now())
    if row is None:
        return reverse("aftersales:warehouse-case", args=[case.number])
    return reverse("aftersales:goods-owed", args=[row.pk])


def _aside_page(
    request: DeskRequest, case: Case, form: AsideForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {"case": case, "form": form, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "returns/goods_owed/aside.html", context, status=status)
