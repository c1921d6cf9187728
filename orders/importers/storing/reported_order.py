"""One order about to be stored: its facts with what the database adds to them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orders.importers.facts import OrderFacts
from orders.importers.sources.base import Source
from orders.importers.storing import rows
from orders.importers.storing.rows import Texts
from orders.models import Merchant

# Our number is part of an address; a slash or a space in the source's would lead elsewhere.
_ADDRESSABLE: Final = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class ReportedOrder:
    """Facts, whose they are, and how fresh; a time to come counts as now, or nothing could ever be newer."""

    facts: OrderFacts
    merchant: Merchant
    number: str
    texts: Texts
    as_of: datetime

    @property
    def digest(self) -> str:
        """Give what is equal as long as nothing new is reported."""
        return self.texts.digest

    @property
    def buyer_known_by(self) -> str:
        """Give the buyer's number; an order whose buyer is not named has a buyer of its own."""
        return self.facts.buyer.external_id or f"order:{self.number}"


def complete(facts: OrderFacts, source: Source, merchant: Merchant, at: datetime) -> ReportedOrder:
    """Complete an order's facts; numbers that only one shop gives out are led by the shop's code."""
    # Two shops of one system both have an order #1001.
    number = facts.number if source.numbers_are_global else f"{merchant.code}-{facts.number}"
    return ReportedOrder(facts, merchant, _ADDRESSABLE.sub("-", number), rows.texts(facts), min(facts.as_of, at))
