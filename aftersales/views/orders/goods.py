"""Where the goods of an order are, told by a person: the form, what was told before, and its photos."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.actions.orders import goods_told
from aftersales.forms.orders.goods import GoodsForm
from aftersales.models import GoodsRecord
from aftersales.moves import rights
from aftersales.rules.vocabulary import GoodsWord
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor, insist, order_or_404, page
from aftersales.views.disputes.evidence import photo_response
from orders.models import Order
from orders.refusals import Refused


@page("orders")
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: DeskRequest, number: str) -> HttpResponse:
    """The form, and every record of before; a record leads back to the order."""
    insist(actor(request), rights.TELL_GOODS)
    order = order_or_404(request, number)
    if request.method != "POST":
        said = request.GET.get("said", "")
        initial = {"said": said if said in GoodsWord.values else None}
        return _page(request, order, GoodsForm(initial=initial))
    form = GoodsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    return submissions.perform(
        request,
        lambda: _record(request, order, form),
        again=lambda refusal: _page(request, order, form, refusal=refusal),
        done=_("Recorded: it counts until a carrier tells otherwise."),
    )


@page("orders")
@require_safe
def photo(request: DeskRequest, number: str, pk: int) -> HttpResponseBase:
    """The photo that proves a record, for those who may see the order."""
    rows = GoodsRecord.objects.filter(path__isnull=False).select_related("recorded_by")
    row = get_object_or_404(rows, pk=pk, order=order_or_404(request, number))
    return photo_response(request, row, name=f"{number}-{row.pk}", by=str(row.recorded_by), at=row.recorded_at)


def _record(request: DeskRequest, order: Order, form: GoodsForm) -> str:
    data = form.cleaned_data
    goods_told.tell(
        order.pk,
        GoodsWord(data["said"]),
        data["happened_at"],
        proof=data["proof"],
        photo=form.only_photo,
        by=actor(request),
        at=timezone.now(),
    )
    return reverse("aftersales:order", args=[order.number])


def _page(
    request: DeskRequest, order: Order, form: GoodsForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    records = order.goods_records.select_related("recorded_by")
    context = {"order": order, "form": form, "records": records, "refusal": refusal, "once": submissions.new_key()}
    return render(request, "orders/goods.html", context, status=status)
