"""What a case says of itself: by its own fields, its lines, and the chain of its type."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from aftersales.models.cases.transitions import CaseMoves
from aftersales.rules.cases import chains
from aftersales.rules.refunds import freight
from aftersales.rules.vocabulary import ENDED, WAITS_FOR, DeadlineStatus, Role
from orders.db import held
from orders.models import OrderLine

if TYPE_CHECKING:
    from aftersales.models.cases.case import Case
    from aftersales.models.cases.deadline import Deadline
    from aftersales.models.cases.line import CaseLine


class Standing(CaseMoves):
    """How a case stands; nothing here changes it."""

    if TYPE_CHECKING:
        status: Any
        fault: Any
        liable_party: Any
        freight_rule: Any
        due_at: Any
        due_kind: Any
        deadlines: Any

    class Meta:
        abstract = True

    @property
    def _case(self) -> "Case":
        return cast("Case", self)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status not in ENDED

    @property
    def at_fault(self) -> str:
        """Whose fault it is: as it was found, else as the reason presumes."""
        return str(self.liable_party or self.fault)

    @property
    def freight_why(self) -> str:
        """The rule by which the freight falls to whoever pays it, in a sentence."""
        return freight.why(self.freight_rule)

    @property
    def goods_must_return(self) -> bool:
        """Whether the buyer has to send goods back, by the type of the case."""
        return chains.of(self._case).returns

    @property
    def running_deadline(self) -> "Deadline | None":
        """The promise that the case shows, unless it stands still or waits for a person."""
        shown = (
            each
            for each in self.deadlines.all()
            if each.kind == self.due_kind and each.status == DeadlineStatus.PENDING
        )
        return next(shown, None) if self.due_at else None

    @property
    def all_lines(self) -> list["CaseLine"]:
        """Its lines with their items, in the order of these; while the case is locked they are read once."""
        ahead = getattr(self, "_prefetched_objects_cache", {}).get("lines")
        if ahead is not None:
            return sorted(ahead, key=lambda line: line.order_line_id)
        # A case that moves opens and closes its lines by a trigger, so they are read again after it.
        return held.once(("case lines", self.pk), self._read_lines, type(self), self._line_model, OrderLine)

    def _read_lines(self) -> list["CaseLine"]:
        found: list[CaseLine] = self._line_model.of_case(self.pk)
        for line in found:
            line.case = self._case
        return found

    @property
    def _line_model(self) -> Any:  # its module needs that of the case
        return self._meta.get_field("lines").related_model

    @property
    def has_received_units(self) -> bool:
        """Whether something of what is to come back is here."""
        return any(line.units_received for line in self.all_lines)

    @property
    def goods_are_here(self) -> bool:
        """Whether units of this round have come back."""
        return self.goods_must_return and self.has_received_units

    @property
    def is_being_repaired(self) -> bool:
        """Whether the goods are here to be repaired."""
        return chains.of(self._case).repairs and self.goods_are_here

    @property
    def owed_difference(self) -> Decimal:
        """What an exchange for something cheaper owes the buyer: positive; for something dearer negative."""
        return (
            -sum((line.difference for line in self.all_lines), Decimal(0))
            if chains.exchanges(self._case)
            else Decimal(0)
        )

    @property
    def waits_for(self) -> Role | None:
        """The role whose turn it is; nobody once the case has ended."""
        return WAITS_FOR.get(self.status)
