"""What is to be done for each order of a batch: nothing, a new row, newer facts for a known one, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from orders.importers.sources.base import Source
from orders.importers.storing import known_orders, merging, new_orders, outcomes, parties, reported_order
from orders.importers.storing.given_back import Irreconcilable
from orders.importers.storing.known_orders import Change
from orders.importers.storing.new_orders import GivenBack
from orders.importers.storing.outcomes import Outcome, Purchase, Terms, Verdict
from orders.importers.storing.reported_order import ReportedOrder
from orders.models import Merchant

_KNOWN: Final = """
SELECT external_number, id, merchant_id, facts_digest, facts_as_of, status FROM orders_order
WHERE external_number = ANY(%s) AND source = %s AND (%s::bigint[] IS NULL OR merchant_id = ANY(%s))
"""


@dataclass(slots=True)
class KnownOrder:
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
    new: list[tuple[ReportedOrder, GivenBack]] = field(default_factory=list)
    newer: list[tuple[int, ReportedOrder]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refusal: str = ""

    def refuse(self, sentence: str) -> None:
        """Leave the order as it is."""
        self.refusal = sentence
        self.new, self.newer, self.changes = [], [], []

    def outcome(self) -> Outcome:
        """Say what became of the order."""
        if self.refusal:
            return outcomes.rejected(self.purchase, self.refusal)
        if self.new and not self.is_known:
            return Outcome(Verdict.CREATED)
        return Outcome(Verdict.UPDATED if self.new or self.changes else Verdict.UNCHANGED)


def make(batch: Sequence[Purchase], terms: Terms) -> list[Plan]:
    """Plan a batch: known orders that are reported anew are locked and merged, all others only looked at."""
    merchants = parties.merchants((facts for purchase in batch for facts in purchase), terms.source, terms.shop)
    known = _known_orders(batch, terms.source, merchants)
    plans = [_plan(purchase, known.get(purchase[0].external_number, []), merchants, terms) for purchase in batch]
    _merge(plans)
    return plans


def _known_orders(
    batch: Sequence[Purchase], source: Source, merchants: dict[str, Merchant]
) -> dict[str, list[KnownOrder]]:
    numbers = [purchase[0].external_number for purchase in batch]
    shops = None if source.numbers_are_global else [merchant.pk for merchant in merchants.values()]
    found: dict[str, list[KnownOrder]] = {}
    with connection.cursor() as cursor:
        # One array instead of a thousand parameters, which took as long as the rest.
        cursor.execute(_KNOWN, [numbers, source.name, shops, shops])
        for number, *rest in cursor.fetchall():
            found.setdefault(number, []).append(KnownOrder(*rest))
    return found


def _plan(purchase: Purchase, stored: list[KnownOrder], merchants: dict[str, Merchant], terms: Terms) -> Plan:
    plan = Plan(purchase, bool(stored))
    try:
        for facts in purchase:
            part = reported_order.complete(facts, terms.source, merchants[facts.merchant_ref], terms.at)
            _plan_part(part, terms.source, stored, plan)
    except Irreconcilable as refusal:
        plan.refuse(refusal.sentence)
    return plan


def _plan_part(part: ReportedOrder, source: Source, stored: list[KnownOrder], plan: Plan) -> None:
    """Plan one merchant's part of a purchase; Irreconcilable if the order is another shop's."""
    mine = next((known for known in stored if known.merchant_id == part.merchant.pk), None)
    if mine is None and stored:
        if source.needs_merchant:
            raise Irreconcilable(_("The order is already known as another merchant's."))
        if not part.facts.merchant_ref:
            # A copy that lost the items lost the sellers with them; we know more.
            return
        mine = _without_seller(stored, source, plan)
    if mine is None:
        plan.new.append((part, new_orders.given_back_before(part.facts)))
    elif mine.digest != part.digest and _is_newer(part, mine):
        plan.newer.append((mine.id, part))


def _without_seller(stored: list[KnownOrder], source: Source, plan: Plan) -> KnownOrder | None:
    """Find the order that stood under the marketplace's own name until its seller was named."""
    if plan.newer or len(stored) > 1:
        return None
    stand_in = Merchant.objects.filter(code=source.name, pk=stored[0].merchant_id)
    return stored[0] if stand_in.exists() else None


def _is_newer(part: ReportedOrder, known: KnownOrder) -> bool:
    return merging.is_newer(part.facts, as_of=part.as_of, known_as_of=known.as_of, known_status=known.status)


def _merge(plans: Sequence[Plan]) -> None:
    # All locks of the batch at once and by id: two imports that meet can not wait for each other.
    stored = known_orders.lock(pk for plan in plans for pk, _part in plan.newer)
    for plan in plans:
        try:
            plan.changes = [known_orders.merge(stored[pk], part) for pk, part in plan.newer]
        except Irreconcilable as refusal:
            plan.refuse(refusal.sentence)
