"""What every behaviour gets: the people there are, and chance."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random

from aftersales.models import Case
from aftersales.rules.vocabulary import Role
from aftersales.simulation.actors import Actors
from orders import money


@dataclass
class Situation:
    """Who may act, who is away, which accounts are empty, and the random numbers that decide what people do."""

    actors: Actors
    random: Random
    away_until: dict[Role, datetime] = field(default_factory=dict)
    # By code of the merchant and currency.
    dry_until: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def is_away(self, role: Role, at: datetime) -> bool:
        """Whether nobody of a role comes for some days."""
        return at < self.away_until.get(role, at)

    def happens(self, share: float) -> bool:
        """Tell whether something happens that does in this share of all cases."""
        return self.random.random() < share

    def part_of(self, amount: Decimal, currency: str) -> Decimal:
        """A part of a sum; now and then nothing, or more than the sum."""
        percent = self.random.choice((0, 10, 25, 40, 50, 75, 90, 100, 120))
        return money.rounded(amount * percent / 100, currency)


Behaviour = Callable[[Situation, Case, datetime], object]
