"""Who acts: a person with roles, or the clock."""

from dataclasses import dataclass
from typing import Protocol

from aftersales.rules.cases.consent import Consent
from aftersales.rules.vocabulary import Role


class Right(Protocol):
    """What some roles may do: a move of a case, or another act."""

    @property
    def who(self) -> frozenset[Role]:
        """The roles that have the right; empty when it is part of another act."""
        ...


@dataclass(frozen=True)
class Actor:
    """Somebody who acts, with the roles held and the merchant or buyer they are bound to."""

    roles: frozenset[Role]
    user_id: int | None = None
    merchant_id: int | None = None
    buyer_id: int | None = None
    is_confirmed: bool = True  # a person at a page: said a short while ago who they are
    consent: Consent | None = None  # of the buyer, to what is done for them

    def role_for(self, right: Right) -> Role | None:
        """The role that has the right, the most powerful first; nothing when none has."""
        held = self.roles & right.who
        return next((role for role in BY_POWER if role in held), None)


# Somebody with several roles acts in the one that may most: limits of authority are read off it.
BY_POWER = (
    Role.SUPERVISOR,
    Role.FINANCE,
    Role.SENIOR,
    Role.AGENT,
    Role.WAREHOUSE,
    Role.MERCHANT,
    Role.ADMIN,
    Role.BUYER,
    Role.CLOCK,
    Role.POLICY,
    Role.CARRIER,
    Role.GATEWAY,
)

# Not people: what they do is recorded under their role, with nobody's name.
CLOCK = Actor(frozenset({Role.CLOCK}))
POLICY = Actor(frozenset({Role.POLICY}))
CARRIER = Actor(frozenset({Role.CARRIER}))
GATEWAY = Actor(frozenset({Role.GATEWAY}))


def buyer(buyer_id: int) -> Actor:
    """A buyer who acts in their own cases."""
    return Actor(frozenset({Role.BUYER}), buyer_id=buyer_id)
