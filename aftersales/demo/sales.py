"""Orders of the demo: bought, paid, packed, shipped and signed at times relative to the moment of seeding."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from aftersales.demo import calendars, parcels
from aftersales.demo.catalogue import BUYERS, REGIONS, Product, Shop
from logistics.models import ReturnAddress
from orders import money
from orders.models import Buyer, Merchant, Order, OrderLine, Payment
from orders.models.goods import ToldBy
from orders.models.order import OrderStatus

# method, sum, points, instalments
Tender = tuple[str, Decimal, int, int]

CENT = Decimal("0.01")
RECEIPT = timedelta(days=10)
# Above what an agent decides alone, and above what goes out without a release by finance.
COSTLY = Decimal(590)


@dataclass(frozen=True)
class OrderTimes:
    """When an order was made, and how far it came by which time."""

    ordered_at: datetime
    shipped_at: datetime | None = None
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Basket:
    """What goes into an order: products with their numbers; gifts are free and cost nothing."""

    items: tuple[tuple[Product, int], ...]
    discount: Decimal = Decimal(0)
    freight: Decimal = Decimal(0)
    gift: Product | None = None


class Sales:
    """Makes orders; the same random state makes the same orders, with the same numbers."""

    def __init__(self, random: Random, merchants: dict[str, Merchant]) -> None:
        self.random = random
        self.merchants = merchants
        self.count = 0
        self.buyers: dict[bool, list[Buyer]] = {}

    def basket(self, shop: Shop, *, dear: bool = False, many: bool = False, pair: bool = False) -> Basket:
        """A likely basket; a dear one is worth more than an agent decides and than goes out unreleased."""
        random = self.random
        costly = [product for product in shop.products if product.price > COSTLY]
        pool = costly if dear else [product for product in shop.products if product not in costly]
        chosen = random.sample(pool, 2 if pair else 1 if dear or random.random() < 0.7 else 2)
        items = tuple((product, 3 if many else random.choice((1, 1, 1, 2))) for product in chosen)
        goods = sum((product.price * units for product, units in items), Decimal(0))
        discount = (goods * random.choice((0, 0, 5, 10, 15)) / 100).quantize(CENT)
        freight = random.choice((Decimal(0), Decimal(8), Decimal(12))) if shop.is_chinese else Decimal("6.90")
        gift = random.choice(shop.products) if random.random() < 0.12 else None
        return Basket(items, discount, freight, gift)

    def sell(self, shop: Shop, basket: Basket, times: OrderTimes) -> Order:
        """Store one order with its lines, payments and parcel."""
        self.count += 1
        order = self._order(shop, basket, times)
        order.save()
        self._lines(order, basket)
        self._payments(order)
        if times.shipped_at:
            parcels.send(order, shop, times.shipped_at, times.signed_at, self.random)
        return order

    def _order(self, shop: Shop, basket: Basket, times: OrderTimes) -> Order:
        random = self.random
        goods = sum((product.price * units for product, units in basket.items), Decimal(0)) - basket.discount
        buyer = self._buyer(shop.is_chinese)
        region, street, postcode = random.choice(REGIONS[shop.is_chinese])
        paid_at = times.ordered_at + timedelta(minutes=random.randint(1, 15))
        number = self._number(shop, times.ordered_at)
        return Order(
            number=number,
            external_number=number,
            source=shop.source,
            merchant=self.merchants[shop.code],
            currency=shop.currency,
            goods_amount=goods,
            discount_amount=basket.discount,
            freight_amount=basket.freight,
            paid_amount=goods + basket.freight,
            has_free_freight=not basket.freight,
            receiver_region=region,
            receiver_postcode=postcode,
            receiver_address=street,
            insured_freight_amount=Decimal(12) if shop.is_chinese and random.random() < 0.4 else Decimal(0),
            **_progress(times, paid_at),
            **_people(buyer),
        )

    def _number(self, shop: Shop, ordered_at: datetime) -> str:
        if shop.source == "taobao":
            return f"{ordered_at:%y%m%d}{self.random.randint(10**6, 10**7 - 1)}{self.count:06d}"
        if shop.source == "jd":
            return f"{self.random.randint(10**7, 10**8 - 1)}{self.count:04d}"
        return f"NS-{10000 + self.count}"

    def _buyer(self, is_chinese: bool) -> Buyer:
        known = self.buyers.setdefault(is_chinese, [])
        if len(known) == len(BUYERS[is_chinese]):
            return self.random.choice(known)
        known.append(self._new_buyer(len(known), is_chinese))
        return known[-1]

    def _new_buyer(self, index: int, is_chinese: bool) -> Buyer:
        tail = f"{self.random.randint(0, 9999):04d}"
        phone = f"1{self.random.choice('3578')}{self.random.randint(10**4, 10**5 - 1)}{tail}"
        return Buyer.objects.create(
            source="demo",
            external_id=f"{'cn' if is_chinese else 'en'}-{index + 1}",
            name=BUYERS[is_chinese][index],
            phone=phone if is_chinese else f"+1 503 555 {tail}",
            phone_tail=tail,
            level=self.random.choice((0, 1, 1, 1, 2, 3)),
        )

    def _lines(self, order: Order, basket: Basket) -> None:
        asked = [product.price * units for product, units in basket.items]
        paid = money.allocate(order.goods_amount, asked, order.currency)
        lines = [
            self._line(order, position, product, units, part)
            for position, ((product, units), part) in enumerate(zip(basket.items, paid, strict=True), start=1)
        ]
        if basket.gift:
            gift = self._line(order, len(lines) + 1, basket.gift, 1, Decimal(0))
            gift.is_gift, gift.discount_amount = True, basket.gift.price
            lines.append(gift)
        OrderLine.objects.bulk_create(lines)

    def _line(self, order: Order, position: int, product: Product, units: int, paid: Decimal) -> OrderLine:
        return OrderLine(
            order=order,
            position=position,
            sku=product.sku,
            title=product.title,
            variant=self.random.choice(product.variants),
            category=product.category,
            quantity=units,
            unit_price=product.price,
            discount_amount=product.price * units - paid,
            paid_amount=paid,
        )

    def _payments(self, order: Order) -> None:
        Payment.objects.bulk_create(
            _payment(order, sequence, tender) for sequence, tender in enumerate(self._tenders(order), start=1)
        )

    def _tenders(self, order: Order) -> list[Tender]:
        paid = order.paid_amount
        if self.random.random() < 0.2:
            points = int(paid)
            worth = Decimal(points) / 100
            return [("wallet", paid - worth, 0, 1), ("points", worth, points, 1)]
        if paid > 300 and self.random.random() < 0.4:
            return [("instalments", paid, 0, 6)]
        if self.random.random() < 0.15:
            part = (paid * 3 / 10).quantize(CENT)
            return [("card", paid - part, 0, 1), ("gift_card", part, 0, 1)]
        return [(self.random.choice(("wallet", "wallet", "card")), paid, 0, 1)]


def _progress(times: OrderTimes, paid_at: datetime) -> dict[str, Any]:
    return {
        "status": _status(times),
        "ordered_at": times.ordered_at,
        "paid_at": paid_at,
        "promised_ship_at": paid_at + timedelta(hours=48),
        "shipped_at": times.shipped_at,
        "shipped_told_by": ToldBy.SCAN if times.shipped_at else "",
        "promised_at": times.ordered_at + timedelta(days=7),
        "signed_at": times.signed_at,
        "signed_told_by": ToldBy.SCAN if times.signed_at else "",
        "receipt_due_at": times.signed_at + RECEIPT if times.signed_at else None,
    }


def _status(times: OrderTimes) -> OrderStatus:
    if times.signed_at:
        return OrderStatus.SIGNED
    return OrderStatus.SHIPPED if times.shipped_at else OrderStatus.PAID


def _people(buyer: Buyer) -> dict[str, Any]:
    return {
        "buyer": buyer,
        "receiver_name": buyer.name,
        "receiver_phone": buyer.phone,
        "phone_tail": buyer.phone_tail,
    }


def _payment(order: Order, sequence: int, tender: Tender) -> Payment:
    method, captured, points, instalments = tender
    return Payment(
        order=order,
        sequence=sequence,
        method=method,
        instalment_count=instalments,
        currency=order.currency,
        captured=captured,
        points=points,
        reference=f"pay-{order.number}-{sequence}",
        paid_at=order.paid_at,
    )


def open_shops(shops: tuple[Shop, ...], now: datetime) -> dict[str, Merchant]:
    """Create the merchants, by what days they count, and where they take returns."""
    merchants, abroad = {}, calendars.of_california(now.date())
    for shop in shops:
        kept = {} if shop.is_chinese else {"calendar": abroad}
        merchant = Merchant.objects.create(code=shop.code, name=shop.name, source=shop.source, **kept)
        label, contact, phone, region, address, postcode = shop.address
        ReturnAddress.objects.create(
            merchant=merchant, label=label, contact=contact, phone=phone, region=region, address=address,
            postcode=postcode, is_default=True,
        )  # fmt: skip
        merchants[shop.code] = merchant
    return merchants
