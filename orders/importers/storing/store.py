"""Facts into the database: whole orders or nothing, newer over older, never under what was given back."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from orders.db import constraints
from orders.importers.sources import givenback
from orders.importers.sources.base import OrderFacts, Rejection, Source
from orders.importers.sources.givenback import Refused
from orders.importers.storing import changing, creating, merging, parties, reported
from orders.importers.storing.changing import Change
from orders.importers.storing.creating import Back
from orders.importers.storing.reported import Told
from orders.models import Merchant

logger = logging.getLogger(__name__)

# One lock per source: two imports of a source take turns batch by batch, so neither inserts what the other just did.
_LOCK_CLASS: Final = 7_201_004
# Lock not to be had in time, deadlock, serialisation: worth another try.
_BUSY: Final = ("55P03", "40P01", "40001")
_TRIES: Final = 3
_PATIENCE: Final = "60s"
_GIVEN_BACK: Final = (
    "order_freight_given_back_once",
    "line_units_never_above_sold",
    "line_money_never_above_paid",
    "payment_never_above_captured",
)


class Verdict(StrEnum):
    """What became of an order of the source."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One order as the source counts them, however many merchants share it."""

    verdict: Verdict
    rejection: Rejection | None = None


Purchase = Sequence[OrderFacts]
Recorder = Callable[[Mapping[int, Told], datetime], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all orders of an import: `shop` owns what names no merchant.

    `record` gets the orders that were stored, by their id, inside their transaction: an export tells of parcels too,
    and where those are kept is for who starts the import to know.
    """

    source: Source
    shop: Merchant | None
    at: datetime
    record: Recorder
    is_dry_run: bool = False


def save(batch: Sequence[Purchase], terms: Terms) -> list[Outcome]:
    """Store a batch of orders in one transaction; if the database refuses one, each in its own.

    Each order comes as its parts, one per merchant. A database that is gone or full raises OperationalError: that is
    no fault of an order.
    """
    try:
        return _saved(batch, terms)
    except (IntegrityError, DataError, OperationalError) as error:
        if not _is_about_an_order(error):
            raise
        return [_saved_alone(purchase, terms) for purchase in batch]


def _saved_alone(purchase: Purchase, terms: Terms) -> Outcome:
    for _attempt in range(_TRIES):
        try:
            return _saved([purchase], terms)[0]
        except (IntegrityError, DataError) as error:
            return rejected(purchase, _why(error))
        except OperationalError as error:
            if not _is_about_an_order(error):
                raise
    return rejected(purchase, _("The order is being worked on at this moment. Import again."))


def _is_about_an_order(error: DatabaseError) -> bool:
    return not isinstance(error, OperationalError) or getattr(error.__cause__, "sqlstate", None) in _BUSY


def _saved(batch: Sequence[Purchase], terms: Terms) -> list[Outcome]:
    with transaction.atomic():
        _take_turns(terms.source)
        plans = _planned(batch, terms)
        _merge(plans)
        stored = creating.insert([new for plan in plans for new in plan.new], terms.source, terms.at)
        stored |= changing.write([change for plan in plans for change in plan.changes], terms.source, terms.at)
        terms.record(stored, terms.at)
        with connection.cursor() as cursor:
            # Foreign keys are checked here, while a refusal can still be laid to this batch.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if terms.is_dry_run:
            transaction.set_rollback(True)
    return [plan.outcome() for plan in plans]


def _take_turns(source: Source) -> None:
    """Wait for another import's batch; longer than for a row, which somebody may hold while they think."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (usual,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, source.name])
        except OperationalError as error:
            raise OperationalError(_("Another import of this source does not come to its end.")) from error
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


@dataclass(slots=True)
class Known:
    """A stored order, as far as it takes to see whether it must be touched."""

    id: int
    merchant_id: int
    digest: str
    as_of: datetime | None
    status: str


@dataclass(slots=True)
class Plan:
    """What is to be done for one order of the source; a refusal of one part is one of all."""

    purchase: Purchase
    is_known: bool
    new: list[tuple[Told, Back]] = field(default_factory=list)
    news: list[tuple[int, Told]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refusal: str = ""

    def refuse(self, sentence: str) -> None:
        """Leave the order as it is."""
        self.refusal = sentence
        self.new, self.news, self.changes = [], [], []

    def outcome(self) -> Outcome:
        """Say what became of the order."""
        if self.refusal:
            return rejected(self.purchase, self.refusal)
        if self.new and not self.is_known:
            return Outcome(Verdict.CREATED)
        return Outcome(Verdict.UPDATED if self.new or self.changes else Verdict.UNCHANGED)


def _planned(batch: Sequence[Purchase], terms: Terms) -> list[Plan]:
    source = terms.source
    merchants = parties.merchants((facts for purchase in batch for facts in purchase), source, terms.shop)
    known = _known(batch, source, merchants)
    plans = []
    for purchase in batch:
        stored = known.get(purchase[0].external_number, [])
        plan = Plan(purchase, bool(stored))
        try:
            for facts in purchase:
                _sort(reported.told(facts, source, merchants[facts.merchant_ref], terms.at), source, stored, plan)
        except Refused as refusal:
            plan.refuse(refusal.sentence)
        plans.append(plan)
    return plans


def _known(batch: Sequence[Purchase], source: Source, merchants: dict[str, Merchant]) -> dict[str, list[Known]]:
    numbers = [purchase[0].external_number for purchase in batch]
    shops = None if source.numbers_are_global else [merchant.pk for merchant in merchants.values()]
    found: dict[str, list[Known]] = {}
    with connection.cursor() as cursor:
        # One array instead of a thousand parameters, which took as long as the rest.
        cursor.execute(
            "SELECT external_number, id, merchant_id, facts_digest, facts_as_of, status FROM orders_order"
            " WHERE external_number = ANY(%s) AND source = %s AND (%s::bigint[] IS NULL OR merchant_id = ANY(%s))",
            [numbers, source.name, shops, shops],
        )
        for number, *rest in cursor.fetchall():
            found.setdefault(number, []).append(Known(*rest))
    return found


def _sort(one: Told, source: Source, stored: list[Known], plan: Plan) -> None:
    """Lay one part to new, news or nothing; Refused if the order is another shop's."""
    mine = next((known for known in stored if known.merchant_id == one.merchant.pk), None)
    if mine is None and stored:
        if source.needs_merchant:
            raise Refused(_("The order is already known as another merchant's."))
        if not one.facts.merchant_ref:
            # A copy that lost the items lost the sellers with them; we know more.
            return
        mine = _homeless(stored, source, plan)
    if mine is None:
        plan.new.append((one, creating.given_back(one.facts)))
    elif mine.digest != one.digest and merging.is_news(
        one.facts, as_of=one.as_of, known_as_of=mine.as_of, known_status=mine.status
    ):
        plan.news.append((mine.id, one))


def _homeless(stored: list[Known], source: Source, plan: Plan) -> Known | None:
    """Find the order that stood under the marketplace's own name until its seller was told."""
    if plan.news or len(stored) > 1:
        return None
    stand_in = Merchant.objects.filter(code=source.name, pk=stored[0].merchant_id)
    return stored[0] if stand_in.exists() else None


def _merge(plans: Sequence[Plan]) -> None:
    stored = changing.lock(pk for plan in plans for pk, _told in plan.news)
    for plan in plans:
        try:
            plan.changes = [changing.merge(stored[pk], one) for pk, one in plan.news]
        except Refused as refusal:
            plan.refuse(refusal.sentence)


def rejected(purchase: Purchase, reason: str) -> Outcome:
    """Say of an order that it was not stored."""
    facts = purchase[0]
    return Outcome(Verdict.REJECTED, Rejection(facts.file, facts.line, facts.external_number, reason))


def _why(error: DatabaseError) -> str:
    """Translate what the database refused; a rule that no export can break by itself is a fault and is logged."""
    constraint = constraints.broken(error)
    if constraint.startswith(("orders_order_number", "order_number")):
        return _("Another order has the same number already.")
    if constraint in _GIVEN_BACK:
        return givenback.more_than_left()
    if isinstance(error, DataError):
        return _("A text or a number of the order is too long to be stored.")
    logger.error("The database refuses an order: %s", constraint or type(error).__name__, exc_info=error)
    return _("The database refuses the order (%(why)s).") % {"why": constraint or type(error).__name__}
