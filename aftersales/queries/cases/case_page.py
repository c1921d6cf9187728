"""What the page of a case shows: its facts in a constant number of queries, and what can be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _

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
from aftersales.moves import acts, admission, deciding
from aftersales.moves.record import Act, Move, Place
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Status
from logistics.models import Parcel, ParcelEvent
from orders.db.compiled_query import CompiledQuery, known
from orders.models import OrderLine, Payment

MOST_RELATED = 8

# The calculation is fixed here; a case that was opened again works it out anew.
PAYING = (Status.REFUNDING, Status.REFUND_FAILED, Status.COMPLETED)

# What somebody who looks at a case in this state most likely came to do, the likeliest first.
LEADING: Final[dict[str, list[Move]]] = {
    status: sorted((move for move in moves.MOVES if status in move.leads), key=lambda move: move.leads[status])
    for status in Status
}
NOTHING_CHANGED: Final = moves.where(lambda act: act.changes_nothing)
OFFERED: Final = tuple(act for act in moves.EVERY.values() if act.place != Place.NOWHERE)

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
class Choice:
    """One act: possible now, or the sentence that says why not; `fits` when the state alone would allow it."""

    act: Act
    label: str
    reason: str = ""
    fits: bool = True

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reason


@dataclass(frozen=True)
class NextSteps:
    """The act that leads on, the others beside it, and those that are not possible, with their sentences."""

    primary: Choice | None
    others: list[Choice] = field(default_factory=list)
    refused: list[Choice] = field(default_factory=list)
    elsewhere: list[Choice] = field(default_factory=list)


def label_of(case: Case, act: Act) -> str:
    """What the act is called for this case."""
    return str(chains.of(case).agree if act is deciding.APPROVE else act.label)


def refusal(case: Case, act: Act, by: Actor, at: datetime) -> str | None:
    """The sentence against an act, or nothing: the rules of the gate, asked without its lock."""
    role = by.role_for(act)
    if role is None:
        return _("You may not do this: “%(action)s”.") % {"action": label_of(case, act)}
    out_of_time = _out_of_time(case, act, at) if isinstance(act, Move) else None
    return out_of_time or admission.first_refusal(case, act, by, role, at, CaseFacts(case, by, role, at))


def _out_of_time(case: Case, move: Move, at: datetime) -> str | None:
    return admission.wrong_state(case, move) or admission.too_late(case, move, at)


def available(case: Case, by: Actor, at: datetime) -> list[Choice]:
    """Every act that the person's roles ever have, with the sentence against it where it is not possible now."""
    return [
        Choice(act, label_of(case, act), refusal(case, act, by, at) or "", _fits(case, act))
        for act in OFFERED
        if act.is_granted_to(by.roles) and _concerns(case, act)
    ]


def _concerns(case: Case, act: Act) -> bool:
    return not isinstance(act, Move) or chains.has(case, act.part) or case.status in act.sources


def _fits(case: Case, act: Act) -> bool:
    return case.status in act.sources if isinstance(act, Move) else case.is_open


def next_steps(choices: Sequence[Choice], status: str) -> NextSteps:
    """Choices as the page lists them; a second person is not offered to somebody who may decide alone."""
    able = {choice.act: choice for choice in choices if choice.is_possible}
    possible = {act: choice for act, choice in able.items() if able.keys().isdisjoint(act.yields_to)}
    primary = next((possible.pop(move) for move in LEADING.get(status, ()) if move in possible), None)
    refused = [choice for choice in choices if not choice.is_possible]
    return NextSteps(
        primary,
        list(possible.values()),
        [choice for choice in refused if choice.fits],
        [choice for choice in refused if not choice.fits],
    )


@dataclass(frozen=True)
class Sold:
    """One order line with what has become of its units and its money."""

    line: OrderLine

    @property
    def units_back(self) -> int:
        """Units given back here or elsewhere."""
        return self.line.units_settled + self.line.units_elsewhere

    @property
    def amount_back(self) -> Decimal:
        """Money given back here or elsewhere."""
        return self.line.amount_settled + self.line.amount_elsewhere


@dataclass(frozen=True)
class Facts:
    """Everything around a case, read at once."""

    lines: list[CaseLine]
    sold: list[Sold]
    payments: list[Payment]
    parcels: list[Parcel]
    deadlines: list[Deadline]
    rounds: list[Round]
    evidence: list[Evidence]
    refunds: list[Refund]
    charges: list[Charge]
    offer: Offer | None
    approval: ApprovalRequest | None
    related: list[Case]


def facts(case: Case, user: User) -> Facts:
    """Read what the page of a case shows; the number of queries does not depend on how much there is.

    What a state can not have is not asked for: offers, approvals, money before anybody agreed.
    """
    was_agreed = case.approved_at is not None
    sold, deadlines = SOLD(case.order_id), DEADLINES(case.pk)
    known(case, "deadlines", deadlines)
    return Facts(
        lines=_lines(case, {line.pk: line for line in sold}),
        sold=[Sold(line) for line in sold],
        payments=PAYMENTS(case.order_id),
        parcels=_parcels(case),
        deadlines=deadlines,
        rounds=ROUNDS(case.pk),
        evidence=EVIDENCE(case.pk),
        refunds=REFUNDS(case.pk) if was_agreed else [],
        charges=list(case.charges.select_related("order_line")) if case.status in PAYING else [],
        offer=_open_offer(case) if case.status == Status.PENDING_BUYER else None,
        approval=_pending_approval(case) if case.status == Status.PENDING_MERCHANT else None,
        related=related(case, user),
    )


def _lines(case: Case, sold: Mapping[int, OrderLine]) -> list[CaseLine]:
    """Lines of the case; whoever asks the case for them from now on gets these."""
    lines = LINES(case.pk)
    known(case, "lines", lines)
    for line in lines:
        line.order_line = sold[line.order_line_id]
    return sorted(lines, key=lambda line: (line.order_line.position, line.pk))


def _open_offer(case: Case) -> Offer | None:
    return case.offers.filter(status=Offer.Status.OPEN).select_related("made_by").first()


def _pending_approval(case: Case) -> ApprovalRequest | None:
    """The request that waits; whoever asks the case for its requests from now on gets those that were read."""
    requests = APPROVALS(case.pk)
    known(case, "approval_requests", requests)
    return next((request for request in requests if request.status == ApprovalRequest.Status.PENDING), None)


def related(case: Case, user: User) -> list[Case]:
    """Other cases of the order and of the buyer that the person may see, those of the order first."""
    newest = RELATED(user, case.order_id, case.buyer_id, case.pk)
    return sorted(newest, key=lambda other: other.order_id != case.order_id)


def _parcels(case: Case) -> list[Parcel]:
    parcels = PARCELS(case.order_id, case.pk)
    scans = Prefetch("events", ParcelEvent.objects.order_by("-happened_at", "-pk"), to_attr="scans")
    prefetch_related_objects(parcels, scans)
    return parcels


def changes(case: Case, version: int, at: datetime) -> list[Event]:
    """What happened to a case after a page of it was made, oldest first; at most 20."""
    later = case.events.filter(Q(version__gt=version) | Q(happened_at__gt=at)).exclude(action__in=NOTHING_CHANGED)
    return list(later.select_related("user").order_by("pk")[:20])


def events_since(case: Case, version: int) -> list[Event]:
    """What happened to a case after somebody had opened its page, oldest first; at most 20 of them."""
    return list(
        case.events.filter(version__gt=version)
        .exclude(action=acts.ATTEMPT.name)
        .select_related("user")
        .order_by("pk")[:20]
    )
