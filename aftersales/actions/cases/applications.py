"""What a buyer asks for, and what it is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from aftersales.models import Case, Policy, Reason
from aftersales.queries.orders import longer_windows
from aftersales.queries.orders.longer_windows import LongerWindows
from aftersales.queries.policies import policy_choice
from aftersales.rules.cases import case_types
from aftersales.rules.cases.case_types import CaseTypeRecord
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.vocabulary import IN_KIND, CaseType, ChangeKind, GivenAs
from orders.models import Order, OrderLine

ZERO = Decimal(0)


@dataclass(frozen=True)
class Swap:
    """What an exchange is to bring: another variant, and its price per unit; no price stands for the one paid."""

    sku: str = ""
    variant: str = ""
    price: Decimal | None = None


@dataclass(frozen=True)
class Wanted:
    """Units of one order line, and the money asked for them; no amount asks for all of their share.

    `price_now` is today's price of one unit, for price protection; `swap` what an exchange brings instead.
    """

    units: int
    amount: Decimal | None = None
    price_now: Decimal | None = None
    swap: Swap | None = None


@dataclass(frozen=True)
class Delivery:
    """The address that an order is to go to instead."""

    name: str
    phone: str
    region: str
    address: str
    postcode: str = ""


@dataclass(frozen=True)
class Application:
    """What a buyer asks. `freight` is what the buyer advanced for the way back, where that is asked for."""

    order_id: int
    type: CaseType
    reason: Reason
    lines: Mapping[int, Wanted]
    description: str = ""
    wants_freight: bool = False
    photos: Sequence[Photo] = field(default_factory=tuple)
    given_as: GivenAs = GivenAs.MONEY
    change: ChangeKind | None = None
    delivery: Delivery | None = None
    dispatches_first: bool = False
    freight: Decimal = ZERO

    @property
    def holds_money(self) -> bool:
        """Whether what is asked is money of the order; a coupon or points consume nothing of what was paid."""
        return self.given_as not in IN_KIND

    @property
    def record(self) -> CaseTypeRecord:
        """The facts of the type that is asked for."""
        return case_types.of(self.type)


@dataclass(frozen=True)
class Rules:
    """The policy of a case, and by order line that of each item: `Policy.OF_ITEMS` says what comes from which."""

    policy: Policy
    of_items: Mapping[int, Policy]


@dataclass(frozen=True)
class Assessment:
    """An application beside what it is judged by: the order and its lines, which are locked, rules, calendar, moment.

    `case` is the one that asks anew: it is no rival of itself, and its window is open if it was when first assessment.
    """

    order: Order
    lines: Mapping[int, OrderLine]
    application: Application
    rules: Rules
    calendar: Calendar
    at: datetime
    case: Case | None = None

    @property
    def policy(self) -> Policy:
        """The policy of the case."""
        return self.rules.policy

    @cached_property
    def longer(self) -> LongerWindows:
        """What lets its items be asked for after the time of their policy; read under the lock of the order."""
        return longer_windows.of_order(self.order.pk)


def rules_for(order: Order, lines: Mapping[int, OrderLine], application: Application, at: datetime) -> Rules:
    """The versions in force at a moment: of the case, and of each item by its own category."""
    policies = policy_choice.for_order(order, at)
    request = policy_choice.Request(order, application.type, application.reason)
    asked = {pk: lines[pk] for pk in application.lines if pk in lines}
    return Rules(
        policy_choice.of_case(policies, order, application.type),
        {pk: policy_choice.of_item(policies, request, line) for pk, line in asked.items()},
    )
