"""What could not be done by itself: deadlines, notices, refunds, messages of carriers and what follows; and outages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from aftersales.models import Deadline, Notice, Outage, Refund
from aftersales.models.refunds.refund import AT_GATEWAY
from aftersales.queries import keyset
from aftersales.queries.keyset import Page
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, RefundStatus
from logistics.models import CarrierMessage, Parcel, ParcelEvent, Pickup, Subscription
from orders.models import retry

# What the platform owes is not put off by its own outage.
NOT_MOVED: Final = (DeadlineKind.REFUND, DeadlineKind.FIRST_REPLY)


@dataclass(frozen=True)
class Row:
    """One thing that is stuck, whatever its kind."""

    kind: str
    pk: int
    case_number: str
    subject: str
    what: str
    error: str
    tries: int
    since: datetime
    may_try_again: bool = True


def deadlines() -> QuerySet[Deadline]:
    """Deadlines on which the clock failed five times."""
    return Deadline.objects.filter(status=DeadlineStatus.QUARANTINED)


def notices() -> QuerySet[Notice]:
    """Notices that could not be delivered."""
    return Notice.objects.filter(status=Notice.Status.QUARANTINED)


def refunds() -> QuerySet[Refund]:
    """Refunds at which the worker stops until a person has looked."""
    return Refund.objects.filter(needs_person=True)


def messages() -> QuerySet[CarrierMessage]:
    """Messages of carriers that nobody could read."""
    # As it came, a message may be large, and the list shows none of it.
    return CarrierMessage.objects.filter(status=CarrierMessage.Status.QUARANTINED).defer("raw")


def scans() -> QuerySet[ParcelEvent]:
    """Scans of parcels that could not be processed."""
    stuck = ParcelEvent.objects.filter(judged_at__isnull=True, tries__gte=retry.MOST_TRIES)
    return stuck.select_related("parcel__order").order_by()


def subscriptions() -> QuerySet[Subscription]:
    """Parcels that we could not subscribe to at their carrier."""
    stuck = Subscription.objects.filter(status=Subscription.Status.QUARANTINED)
    return stuck.select_related("parcel__order")


def pickups() -> QuerySet[Pickup]:
    """Pickups that were perhaps booked, could not be called off, or whose answers could not be processed."""
    # A courier that we do not know to be booked may come: a person asks, the machine does not book a second one.
    has_failed = (~Q(todo="") | Q(is_judged=False)) & Q(tries__gte=retry.MOST_TRIES)
    return Pickup.objects.filter(Q(todo=Pickup.Todo.ASK) | has_failed).select_related("order")


LISTS: Final[dict[str, Callable[[], QuerySet[Any]]]] = {
    "deadline": deadlines,
    "notice": notices,
    "refund": refunds,
    "message": messages,
    "scan": scans,
    "subscription": subscriptions,
    "pickup": pickups,
}


OF_CASES: Final = ("deadline", "notice", "refund")


def counts(at: datetime) -> dict[str, int]:
    """How much is stuck, by kind, and outages that are not applied yet; for the tabs and the supervisor's page."""
    found = keyset.capped_each({kind: rows() for kind, rows in LISTS.items()})
    return {**found, "outage": Outage.objects.filter(applied_at__isnull=True, started_at__lte=at).count()}


def page(kind: str, *, after: str = "", before: str = "") -> Page[Any]:
    """A page of the rows of one kind, the oldest first."""
    rows = LISTS[kind]()
    return keyset.page(rows.select_related("case") if kind in OF_CASES else rows, "id", after=after, before=before)


def described(kind: str, rows: list[Any]) -> list[Row]:
    """The rows of a page in the same form, whatever their kind."""
    return [_DESCRIBE[kind](row) for row in rows]


def outages() -> list[Outage]:
    """The latest outages, as many as a page holds."""
    return list(Outage.objects.select_related("declared_by").order_by("-started_at")[: keyset.SIZE])


def would_move(started_at: datetime, ended_at: datetime) -> int:
    """How many running deadlines an outage would move."""
    running = Q(status=DeadlineStatus.PENDING, due_at__gt=started_at, started_at__lt=ended_at)
    return Deadline.objects.filter(running).exclude(kind__in=NOT_MOVED).count()


def _of_deadline(row: Deadline) -> Row:
    what = row.get_kind_display()
    return Row("deadline", row.pk, row.case.number, row.case.subject, what, row.last_error, row.tries, row.due_at)


def _of_notice(row: Notice) -> Row:
    what = f"{row.get_recipient_display()}: {row.action}"
    return Row("notice", row.pk, row.case.number, row.case.subject, what, row.last_error, row.tries, row.due_at)


def _of_refund(row: Refund) -> Row:
    what = str(RefundStatus(row.status).label)
    error = f"{row.last_code} {row.last_message}".strip()
    since = row.unknown_since or row.ended_at or row.created_at
    found = Row("refund", row.pk, row.case.number, row.case.subject, what, error, row.tries, since)
    return replace(found, may_try_again=row.status in AT_GATEWAY)


def _of_message(row: CarrierMessage) -> Row:
    subject, what = f"{row.source} · {row.account}", row.event_id[:12]
    return Row("message", row.pk, "", subject, what, row.last_error, row.tries, row.received_at)


def _of_scan(row: ParcelEvent) -> Row:
    what = f"{row.parcel}: {row.get_status_display()}"
    return Row("scan", row.pk, "", _order(row.parcel), what, row.last_error, row.tries, row.recorded_at)


def _of_subscription(row: Subscription) -> Row:
    what = f"{row.parcel}: {row.source}"
    return Row("subscription", row.pk, "", _order(row.parcel), what, row.last_error, row.tries, row.created_at)


def _of_pickup(row: Pickup) -> Row:
    what = f"{row.carrier or row.source}: {row.get_todo_display() or row.get_status_display()}"
    return Row("pickup", row.pk, "", row.order.number, what, row.last_error, row.tries, row.requested_at)


def _order(parcel: Parcel) -> str:
    return parcel.order.number if parcel.order else ""


_DESCRIBE: Final[dict[str, Callable[[Any], Row]]] = {
    "deadline": _of_deadline,
    "notice": _of_notice,
    "refund": _of_refund,
    "message": _of_message,
    "scan": _of_scan,
    "subscription": _of_subscription,
    "pickup": _of_pickup,
}
