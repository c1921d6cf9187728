"""What a source says of an order, before anything is decided or stored. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from orders.models import goods

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """Who bought; an empty text means that the source does not tell."""

    external_id: str
    name: str = ""
    phone: str = ""
    email: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiverFacts:
    """Where the goods went; an empty text means that the source does not tell."""

    name: str = ""
    phone: str = ""
    region: str = ""
    postcode: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One item: `paid` is what its units cost the buyer after every discount, tax included.

    `confirmed_exclusion` is a value of orders.models.exclusion.ConfirmedExclusion, where the source tells that one was
    confirmed at purchase; empty leaves what is known.
    """

    external_id: str
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    paid: Decimal
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    variant: str = ""
    category: str = ""
    is_gift: bool = False
    confirmed_exclusion: str = ""
    refunded_elsewhere: Decimal = ZERO
    units_refunded: int = 0


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """One tender; `method` is a value of orders.models.payment.Method."""

    sequence: int
    method: str
    # As the buyer was charged: what went back is counted apart, never subtracted here.
    captured: Decimal
    installments: int = 1
    reference: str = ""
    points: int = 0
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """One parcel to the buyer."""

    carrier: str
    waybill: str
    shipped_at: datetime | None = None
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What one buyer bought from one merchant; Σ line paid + freight + surcharge = Σ captured.

    An order without lines has its goods in `goods_total` alone. `refunded_elsewhere` is what the source gave
    back without saying for which line; lines carry their own. `as_of` is the newest dated event reported.
    `is_coarse` marks facts of a damaged copy (seconds lost), which lose against equally new ones.
    """

    source: str
    external_number: str
    number: str
    buyer: BuyerFacts
    currency: str
    status: str
    ordered_at: datetime
    as_of: datetime
    # Where people find the row again, when the order is rejected.
    file: str
    line: int
    # A marketplace names the seller of each order; the export of a shop's own does not.
    merchant_ref: str = ""
    merchant_name: str = ""
    paid_at: datetime | None = None
    promised_ship_at: datetime | None = None
    shipped_at: datetime | None = None
    promised_at: datetime | None = None
    signed_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    goods_total: Decimal = ZERO
    discount: Decimal = ZERO
    freight: Decimal = ZERO
    surcharge: Decimal = ZERO
    paid_total: Decimal = ZERO
    refunded_elsewhere: Decimal = ZERO
    freight_refunded: Decimal = ZERO
    has_free_freight: bool = False
    receiver: ReceiverFacts = field(default_factory=ReceiverFacts)
    buyer_note: str = ""
    merchant_note: str = ""
    # To whom the invoice is issued; a number that can be none stays in the title.
    invoice_title: str = ""
    invoice_tax_number: str = ""
    lines: tuple[LineFacts, ...] = ()
    payments: tuple[PaymentFacts, ...] = ()
    parcels: tuple[ParcelFacts, ...] = ()
    # Set where one purchase was split into an order for each of its sellers.
    purchase_number: str = ""
    is_coarse: bool = False

    @property
    def has_left(self) -> bool:
        """Whether goods were dispatched, as the dates or the status tell."""
        told = goods.Moments(self.status, self.shipped_at, self.signed_at, self.completed_at, self.as_of)
        return goods.dispatched(told) is not None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An order or a row that was not taken: where it stands (first physical line) and why, translated."""

    file: str
    line: int | None
    order_number: str
    reason: str
    row: dict[str, str] = field(default_factory=dict)
