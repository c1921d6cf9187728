"""What a case of its type has beyond lines and money: repairs, parcels sent, another address, a coupon."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aftersales.models import Case, CaseLine, Coupon, DeliveryChange, Repair, SentParcel
from aftersales.rules.cases import chains


@dataclass(frozen=True)
class TypeDetails:
    """The facts of the type; empty for types that have none."""

    repairs: list[Repair] = field(default_factory=list)
    sent: list[SentParcel] = field(default_factory=list)
    delivery: DeliveryChange | None = None
    coupon: Coupon | None = None
    swaps: list[CaseLine] = field(default_factory=list)
    prices: list[CaseLine] = field(default_factory=list)
    says_given_as: bool = False

    @property
    def any(self) -> bool:
        """Whether the page has something to show beyond lines and money."""
        return bool(self.repairs or self.sent or self.delivery or self.coupon or self.swaps or self.prices)


def of(case: Case, lines: Sequence[CaseLine]) -> TypeDetails:
    """Read what the type may have, and nothing that it can not have."""
    chain = chains.of(case)
    sends = chain.sends or chains.changes_address(case) or any(line.units_sent for line in lines)
    return TypeDetails(
        repairs=list(case.repairs.select_related("parcel_out", "parcel_back")) if _was_repaired(case) else [],
        sent=list(case.sent_parcels.select_related("parcel").order_by("pk")) if sends else [],
        delivery=DeliveryChange.objects.filter(case=case).first() if case.change else None,
        coupon=Coupon.objects.filter(case=case).order_by("-pk").first() if chains.gives_in_kind(case) else None,
        swaps=[line for line in lines if line.wanted_sku or line.wanted_variant or line.wanted_price is not None],
        prices=[line for line in lines if line.price_now is not None],
        says_given_as=chain.may_be_in_kind,
    )


def _was_repaired(case: Case) -> bool:
    """A repair that failed goes on as an exchange or a return."""
    return chains.of(case).repairs or case.choice_offered_at is not None
