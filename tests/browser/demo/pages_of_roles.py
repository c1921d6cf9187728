"""Which pages each role has in the demo shop: every list, and of every kind of thing one."""

from urllib.parse import urlencode

from aftersales.models import Case, GoodsOwed, Macro, PaymentDispute, Policy, Refund, Reply, SavedView
from aftersales.queries.console import saved_views
from aftersales.queries.console.bulk import jobs_for
from aftersales.queries.conversation import macros
from aftersales.queries.visibility import cases_for, orders_for
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
from logistics.models import StockItem, UnidentifiedParcel
from orders.models import BusinessCalendar, ImportRun, Merchant

S = Status
VIEWS = ("desk", "breached", "clock", "ended")


def pages_of(user):
    """Addresses that the person opens, all answering 200."""
    return list(dict.fromkeys(PAGES[user.username](user)))


def _case(user, status, **fields):
    """The case of a state that is due first, among those the person sees."""
    found = cases_for(user).filter(status=status, **fields).order_by("due_at", "pk").first()
    return f"/cases/{found.number}/" if found else "/cases/"


def _of_type(user, kind):
    """The newest open case of a type that waits for an answer, else any of the type."""
    found = cases_for(user).filter(type=kind)
    case = found.filter(status=S.PENDING_MERCHANT).order_by("-pk").first() or found.order_by("-pk").first()
    return f"/cases/{case.number}/"


def _agent(user):
    pending = _case(user, S.PENDING_MERCHANT)
    order = orders_for(user).filter(cases__isnull=False).order_by("pk").first()
    fresh = orders_for(user).filter(cases__isnull=True, signed_at__isnull=False).order_by("-ordered_at").first()
    yield from (f"/cases/?view={view}" for view in VIEWS)
    yield "/cases/?" + urlencode({"q": order.buyer.name})
    yield "/cases/?q=nothing-is-called-this"
    yield "/cases/?state=nonsense&merchant=1"
    yield from (_case(user, status) for status in Status)
    yield from (f"{pending}{action}/" for action in ("approve", "reject", "offer", "extend", "withdraw", "evidence"))
    yield f"{_case(user, S.REJECTED)}reapply/"
    yield f"{_case(user, S.AWAITING_RETURN)}ship-return/"
    yield "/orders/"
    yield f"/orders/{order.number}/"
    yield f"/orders/{fresh.number}/"
    yield f"/orders/{fresh.number}/confirmed/"
    yield from (f"/orders/{fresh.number}/apply/?type={kind}" for kind in CaseType if kind != CaseType.ORDER_CHANGE)
    unshipped = orders_for(user).filter(cases__isnull=True, shipped_at__isnull=True).order_by("-ordered_at").first()
    yield f"/orders/{unshipped.number}/apply/?type=order_change"
    yield from (_of_type(user, kind) for kind in CaseType)
    yield f"{_of_type(user, CaseType.RETURN_REFUND)}convert/"
    yield f"{_case(user, S.REPAIRING)}diagnose/"
    yield f"{_case(user, S.AWAITING_DISPATCH)}give-money-instead/"
    yield f"{_case(user, S.AWAITING_RECEIPT)}confirm-receipt/"
    yield from _lists(user)
    yield f"{pending}peek/"
    yield "/rules/"
    yield from (f"/rules/{topic}/{Policy.objects.order_by('pk').first().pk}/" for topic in ("freight", "clock-refund"))
    yield "/settings/"
    yield "/tour/"
    yield from (f"{pending}?show={show}" for show in ("notes", "money"))
    yield from _tools(user, pending)


def _tools(user, pending):
    """Replies and macros: in a case, and where they are kept."""
    case = Case.objects.get(number=pending.split("/")[2])
    reply, macro = Reply.objects.filter(owner=user).first(), macros.offered(case, user)[0]
    yield f"{pending}replies/"
    yield f"{pending}?reply={Reply.objects.order_by('pk').first().pk}"
    yield f"{pending}macros/"
    yield f"{pending}macros/{macro.pk}/"
    yield "/replies/"
    yield f"/replies/{reply.pk}/"
    yield "/replies/new/"
    yield "/replies/macros/"
    yield "/replies/macros/new/"


def _lists(user):
    """What people keep of the list, and what they did to many cases."""
    view = saved_views.visible_to(user).order_by("-pk").first()
    yield f"/cases/?saved={view.pk}"
    yield "/cases/views/"
    yield f"/cases/views/{SavedView.objects.filter(owner=user).first().pk}/"
    yield "/cases/views/new/?view=open&state=inspecting"
    yield "/cases/bulk/jobs/"
    yield from (f"/cases/bulk/jobs/{job.pk}/" for job in jobs_for(user)[:1])


def _supervisor(user):
    disputed = _case(user, S.ARBITRATION)
    yield "/now/"
    yield "/cases/"
    yield from _lists(user)
    yield from (f"{disputed}{action}/" for action in ("rule-for-buyer", "rule-for-merchant", "ask-evidence", "suspend"))
    yield f"{_case(user, S.SUSPENDED)}resume/"
    yield f"{_case(user, S.INSPECTING)}report-goods/"
    yield f"{_case(user, S.COMPLETED)}reopen/"
    yield f"{_case(user, S.PENDING_MERCHANT)}assign/"
    yield "/approvals/"
    yield "/tasks/"
    yield from (f"/trouble/?list={name}" for name in ("deadline", "refund", "notice", "pickup", "outage"))
    yield "/trouble/outage/"
    yield f"/replies/macros/{Macro.objects.order_by('pk').first().pk}/"
    yield "/replies/?list=archived"
    yield "/imports/"
    yield from (f"/imports/{run.pk}/" for run in ImportRun.objects.all()[:2])


def _finance(user):
    lists = ("release", "unknown", "failed", "reversed", "flight", "unpaid", "paid")
    yield from (f"/finance/?list={name}" for name in lists)
    for status in RefundStatus:
        refund = Refund.objects.filter(status=status).order_by("pk").first()
        if refund:
            yield f"/finance/{refund.number}/"
    waiting = Refund.objects.filter(status=RefundStatus.AWAITING_RELEASE).values_list("pk", flat=True)
    yield "/finance/release/?" + urlencode({"r": list(waiting)}, doseq=True)
    yield "/finance/release/"
    yield "/finance/guarantee/"
    yield "/finance/guarantee/?list=low"
    yield "/finance/owed/"
    yield from (f"/finance/history/?list={name}" for name in ("made", "released", "paid", "entries"))
    yield from (f"/finance/disputes/?list={name}" for name in ("open", "lost"))
    for dispute in PaymentDispute.objects.all()[:1]:
        yield f"/finance/disputes/{dispute.pk}/"
        yield f"/finance/disputes/of/{dispute.payment_id}/"
    yield from (f"/finance/guarantee/{shop.code}/" for shop in Merchant.objects.order_by("pk")[:1])
    yield "/approvals/"
    yield _case(user, S.REFUND_FAILED)
    yield "/orders/"


def _warehouse(user):
    yield from (f"/warehouse/?list={name}" for name in ("inspect", "dispatch", "repair", "transit", "expected"))
    yield "/warehouse/?q=SF000000000000"
    yield "/warehouse/stock/"
    yield "/warehouse/stock/?disposition=scrap"
    yield "/warehouse/stock/shelf/"
    yield "/warehouse/stock/count/"
    yield "/warehouse/parcels/"
    yield "/warehouse/parcels/?list=settled"
    yield "/warehouse/parcels/new/"
    yield from ("/warehouse/goods/", "/warehouse/goods/?list=overdue", "/warehouse/goods/?list=ended")
    yield from (f"/warehouse/goods/{goods.pk}/" for goods in GoodsOwed.objects.order_by("pk")[:1])
    yield f"{_case(user, S.INSPECTING).replace('/cases/', '/warehouse/')}aside/"
    yield from (
        f"/warehouse/parcels/{unidentified.pk}/" for unidentified in UnidentifiedParcel.objects.order_by("pk")[:2]
    )
    yield from (f"/warehouse/stock/{item.pk}/" for item in StockItem.objects.order_by("pk")[:1])
    for status in (S.AWAITING_RETURN, S.RETURN_IN_TRANSIT, S.INSPECTING):
        yield _case(user, status).replace("/cases/", "/warehouse/")
        yield _case(user, status)
    yield f"{_case(user, S.AWAITING_DISPATCH)}dispatch/"
    yield f"{_case(user, S.REPAIRING)}finish-repair/"


def _merchant(user):
    pending = _case(user, S.PENDING_MERCHANT)
    yield "/cases/"
    yield pending
    yield from (f"{pending}{action}/" for action in ("approve", "reject", "offer"))
    yield "/orders/"
    yield "/warehouse/"


def _admin(user):
    general = Policy.objects.order_by("pk").first()
    yield "/admin/"
    yield "/admin/aftersales/policy/"
    yield f"/admin/aftersales/policy/add/?copy={general.pk}"
    yield f"/admin/aftersales/policy/{general.pk}/change/"
    yield f"/admin/aftersales/policy/{general.pk}/history/"
    yield f"/admin/aftersales/policy/{general.pk}/compare/"
    yield "/admin/orders/businesscalendar/"
    yield from (f"/admin/orders/businesscalendar/{each.pk}/change/" for each in BusinessCalendar.objects.all())
    yield "/admin/aftersales/calendarday/add/"
    yield "/admin/orders/merchant/"
    yield from (
        f"/admin/aftersales/{name}/" for name in ("reason", "calendarday", "user", "team", "case", "refund", "reply")
    )
    yield f"/admin/aftersales/case/{Case.objects.order_by('pk').first().pk}/change/"
    yield "/sandbox/"


PAGES = {
    "agent": _agent,
    "supervisor": _supervisor,
    "finance": _finance,
    "warehouse": _warehouse,
    "merchant": _merchant,
    "admin": _admin,
}
