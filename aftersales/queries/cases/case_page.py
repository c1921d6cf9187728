"""What the page of a case shows, read in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Prefetch, Q, prefetch_related_objects

from aftersales import moves
from aftersales.models import (
    ApprovalRequest,
    Case,
    CaseLine,
    Charge,
    Deadline,
    Event,
    Evidence,
    Offer,
    Refund,
    Round,
    User,
)
from aftersales.models.cases.deadline import LIVE
from aftersales.moves import acts, approving
from aftersales.queries.orders import line_units
from aftersales.queries.orders.line_units import InCase
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules.vocabulary import Status
from logistics.models import Parcel, ParcelEvent
from orders.db.compiled_query import CompiledQuery, known
from orders.models import OrderLine, Payment

MOST_RELATED = 8

# The calculation is fixed here; a case that was opened again works it out anew.
PAYING = (Status.REFUNDING, Status.REFUND_FAILED, Status.COMPLETED)

NOTHING_CHANGED: Final = moves.where(lambda act: act.changes_nothing)

# Asked for by every visit: compiled once, see docs/adr/0010.
LINES = CompiledQuery(lambda case: CaseLine.objects.filter(case=case), int)
SOLD = CompiledQuery(lambda order: OrderLine.objects.filter(order=order).order_by("position"), int)
PAYMENTS = CompiledQuery(lambda order: Payment.objects.filter(order=order).order_by("sequence"), int)
PARCELS = CompiledQuery(
    lambda order, case: (
        (Parcel.objects.filter(order=order) | Parcel.objects.filter(return_cases__case=case))
        .distinct()
        .order_by("direction", "pk")
    ),
    int,
    int,
)
DEADLINES = CompiledQuery(lambda case: Deadline.objects.filter(LIVE, case=case).select_related("policy"), int)
ROUNDS = CompiledQuery(
    lambda case: Round.objects.filter(case=case).select_related("reason", "reject_reason").order_by("-number"), int
)
EVIDENCE = CompiledQuery(lambda case: Evidence.objects.filter(case=case).select_related("user").order_by("pk"), int)
REFUNDS = CompiledQuery(lambda case: Refund.objects.filter(case=case).select_related("payment").order_by("pk"), int)
APPROVALS = CompiledQuery(lambda case: ApprovalRequest.objects.filter(case=case).select_related("asked_by"), int)
RELATED = CompiledCasesQuery(
    lambda seen, order, buyer, case: (
        seen.filter(Q(order=order) | Q(buyer=buyer)).exclude(pk=case).order_by("-opened_at", "-pk")[:MOST_RELATED]
    ),
    int,
    int,
    int,
)


@dataclass(frozen=True)
class SoldLine:
    """One order line with what has become of its units and its money."""

    line: OrderLine
    places: Sequence[InCase] = ()

    @property
    def where(self) -> str:
        """In which open cases its units are, and how many are free."""
        return line_units.where(self.line, self.places)

    @property
    def units_back(self) -> int:
        """Units given back by us, or by the source of the order."""
        return self.line.units_settled + self.line.units_elsewhere

    @property
    def amount_back(self) -> Decimal:
        """Money given back by us, or by the source of the order."""
        return self.line.amount_settled + self.line.amount_elsewhere


@dataclass(frozen=True)
class Facts:
    """Everything that the page of a case shows around it, read at once."""

    lines: list[CaseLine]
    sold: list[SoldLine]
    payments: list[Payment]
    parcels: list[Parcel]
    deadlines: list[Deadline]
    rounds: list[Round]
    evidence: list[Evidence]
    refunds: list[Refund]
    charges: list[Charge]
    offer: Offer | None
    approval: ApprovalRequest | None  # that waits, or the newest one where it has ended unanswered
    related: list[Case]


def facts(case: Case, user: User) -> Facts:
    """Read what the page of a case shows; the number of queries does not depend on how much there is.

    What a state can not have is not asked for: offers, approvals, money before anybody agreed.
    """
    sold, others = SOLD(case.order_id), related(case, user)
    return Facts(
        lines=_lines(case, {line.pk: line for line in sold}),
        sold=_sold(case, sold, others),
        payments=PAYMENTS(case.order_id),
        parcels=_parcels(case),
        deadlines=_deadlines(case),
        rounds=ROUNDS(case.pk),
        evidence=EVIDENCE(case.pk),
        refunds=REFUNDS(case.pk) if case.approved_at else [],
        charges=list(case.charges.select_related("order_line")) if case.status in PAYING else [],
        offer=_open_offer(case) if case.status == Status.PENDING_BUYER else None,
        approval=_approval(case) if case.status in approving.REQUEST_APPROVAL.sources else None,
        related=others,
    )


def _sold(case: Case, lines: Sequence[OrderLine], others: Sequence[Case]) -> list[SoldLine]:
    """The lines of the order; where its units are is asked only where another open case of the order may have some."""
    is_shared = any(other.order_id == case.order_id and other.is_open for other in others)
    places = line_units.in_open_cases([line.pk for line in lines]) if is_shared else {}
    return [SoldLine(line, places.get(line.pk, ())) for line in lines]


def _deadlines(case: Case) -> list[Deadline]:
    """The live ones; guards that ask the case for its deadlines from now on get these."""
    deadlines = DEADLINES(case.pk)
    known(case, "deadlines", deadlines)
    return deadlines


def _lines(case: Case, sold: Mapping[int, OrderLine]) -> list[CaseLine]:
    """Lines of the case; whoever asks the case for them from now on gets these."""
    lines = LINES(case.pk)
    known(case, "lines", lines)
    for line in lines:
        line.order_line = sold[line.order_line_id]
    return sorted(lines, key=lambda line: (line.order_line.position, line.pk))


def _open_offer(case: Case) -> Offer | None:
    return case.offers.filter(status=Offer.Status.OPEN).select_related("made_by").first()


def _approval(case: Case) -> ApprovalRequest | None:
    """The newest request unless it was answered; who asks the case for its requests from now on gets those read."""
    requests = APPROVALS(case.pk)
    known(case, "approval_requests", requests)
    return requests[0] if requests and requests[0].decided_at is None else None


def related(case: Case, user: User) -> list[Case]:
    """Other cases of the order and of the buyer that the person may see, those of the order first."""
    # Sorted here and not by the database: the newest eight are chosen first, whatever they belong to.
    newest = RELATED(user, case.order_id, case.buyer_id, case.pk)
    return sorted(newest, key=lambda other: other.order_id != case.order_id)


def _parcels(case: Case) -> list[Parcel]:
    parcels = PARCELS(case.order_id, case.pk)
    # Into an attribute of their own: `parcel.events` would be a queryset again, in another order.
    scans = Prefetch("events", ParcelEvent.objects.order_by("-happened_at", "-pk"), to_attr="scans")
    prefetch_related_objects(parcels, scans)
    return parcels


def changes(case: Case, version: int, at: datetime) -> list[Event]:
    """What happened to a case after a page of it was made, oldest first; at most 20."""
    later = case.events.filter(Q(version__gt=version) | Q(happened_at__gt=at)).exclude(action__in=NOTHING_CHANGED)
    return list(later.select_related("user").order_by("pk")[:20])


def events_since(case: Case, version: int) -> list[Event]:
    """What happened to a case after somebody had opened its page, oldest first; at most 20 of them."""
    later = case.events.filter(version__gt=version).exclude(action=acts.ATTEMPT.name)
    return list(later.select_related("user").order_by("pk")[:20])
