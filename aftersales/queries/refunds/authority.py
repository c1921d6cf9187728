"""What was decided already and counts against a limit: on the order without a second person, and today by a person."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from aftersales import moves
from aftersales.models import Case, Event, Refund
from aftersales.models.refunds.refund import GIVEN
from aftersales.queries.refunds import outbound_freight
from aftersales.rules.actor import Actor
from aftersales.rules.policies import shop_day
from aftersales.rules.refunds import authority
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import CloseReason, Role, Status

Row = dict[str, Any]
ZERO: Final = Decimal(0)
DECIDING: Final = [move.name for move in moves.DECIDING]
# Nothing is decided in these; what was given before is.
UNDECIDED: Final = (Status.PENDING_MERCHANT, Status.REJECTED, Status.ARBITRATION, Status.SUSPENDED, Status.CLOSED)
MONEY: Final = DecimalField(max_digits=16, decimal_places=4)


def gives(case: Case) -> Decimal:
    """What agreeing to a case as it stands gives: goods by what was paid for them."""
    return case.requested_amount + max(case.freight_held, outbound_freight.due(case))


def above(amount: Decimal, case: Case, by: Actor, role: Role, at: datetime) -> str | None:
    """Sentence when the amount is above what the person may decide alone."""
    return authority.above(amount, case, role, decided(case, by, role, at)) if role in authority.LIMITED else None


def decided(case: Case, by: Actor, role: Role, at: datetime) -> Decided:
    """What counts besides what is now decided on the case; unread for a role without limits."""
    return of_many([case], by, at)(case) if role in authority.LIMITED else Decided()


def of_many(cases: Iterable[Case], by: Actor, at: datetime) -> Callable[[Case], Decided]:
    """The same for any of the cases, in one statement for all."""
    midnight = shop_day.start(shop_day.of(at))
    today = Q(user=by.user_id, happened_at__gte=midnight)
    rows = list(_rows(today | Q(case__order__in={case.order_id for case in cases})))
    mine = [row for row in rows if row["user"] == by.user_id and row["happened_at"] >= midnight]
    return lambda case: _decided(rows, mine, case)


def _decided(rows: list[Row], mine: list[Row], case: Case) -> Decided:
    on_order = [row for row in rows if row["order"] == case.order_id]
    return Decided(
        on_order=_sum((row for row in on_order if row["action"] != "allow"), case),
        today=_sum((row for row in mine if row["currency"] == case.currency), case),
        of_case=next((row["given"] for row in on_order if row["case"] == case.pk), ZERO),
    )


def _rows(which: Q) -> Iterable[Row]:
    given = Refund.objects.filter(case=OuterRef("case"), status__in=GIVEN).order_by().values("case")
    asked = F("case__requested_amount") + F("case__freight_held")
    found = Event.objects.filter(which, action__in=DECIDING, role__in=authority.LIMITED).order_by()
    values = found.values(
        "user",
        "action",
        "happened_at",
        "case",
        order=F("case__order"),
        currency=F("case__currency"),
        status=F("case__status"),
        ended=F("case__close_reason"),
        sum=Coalesce(Cast(KT("data__decided"), MONEY), asked),
        given=Coalesce(Subquery(given.values(sum=Sum("amount"))), ZERO, output_field=MONEY),
    )
    return cast("Iterable[Row]", values)


def _sum(rows: Iterable[Row], case: Case) -> Decimal:
    """The most that was decided of each case: one agreed to twice counts once."""
    by_case: dict[int, Decimal] = {}
    for row in rows:
        by_case[row["case"]] = max(by_case.get(row["case"], ZERO), _counted(row, is_now=row["case"] == case.pk))
    return sum(by_case.values(), ZERO)


def _counted(row: Row, *, is_now: bool) -> Decimal:
    # Of the case itself what is now decided takes the place of all but what has been given; merged ones live on.
    stands = row["status"] not in UNDECIDED or row["ended"] == CloseReason.MERGED
    return row["sum"] if stands and not is_now else min(row["sum"], row["given"])
