"""Terms of an act that a second person is asked for: kept with the request, carried out exactly as they were asked."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from aftersales.rules.vocabulary import CaseType, Fault, GivenAs


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """An offer: a sum, as what it would go on, what it is given as, and what to tell the buyer."""

    amount: Decimal
    type: CaseType
    given_as: GivenAs = GivenAs.MONEY
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A ruling for the buyer: its text, who is liable, and how much; no sum means all that was asked."""

    ruling: str
    liable: Fault
    amount: Decimal | None = None


Terms = Proposed | Ruled


def written(terms: Terms | None) -> dict[str, Any]:
    """As a request keeps them; nothing of an act without terms."""
    if terms is None:
        return {}
    return {name: None if value is None else str(value) for name, value in asdict(terms).items()}


def read(action: str, kept: dict[str, Any]) -> Terms | None:
    """What a request has kept of an act."""
    if not kept:
        return None
    amount = None if kept["amount"] is None else Decimal(kept["amount"])
    if action == "rule_for_buyer":
        return Ruled(ruling=kept["ruling"], liable=Fault(kept["liable"]), amount=amount)
    return Proposed(
        amount=amount or Decimal(0), type=CaseType(kept["type"]), given_as=GivenAs(kept["given_as"]), note=kept["note"]
    )
