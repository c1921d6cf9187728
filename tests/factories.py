"""Orders and cases for tests; amounts are chosen so that shares are easy to read."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.models import Reason
from aftersales.rules.disputes import photo
from aftersales.rules.vocabulary import CaseType, ChangeKind
from logistics.models import ReturnAddress
from orders.models import Buyer, Merchant, Order, OrderLine, Payment

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Tuesday


class MerchantFactory(DjangoModelFactory):
    class Meta:
        model = Merchant

    code = factory.Sequence(lambda n: f"shop-{n}")
    name = factory.Sequence(lambda n: f"Shop {n}")
    email = factory.LazyAttribute(lambda shop: f"{shop.code}@example.com")


class ReturnAddressFactory(DjangoModelFactory):
    class Meta:
        model = ReturnAddress

    merchant = factory.SubFactory(MerchantFactory)
    label = "Returns desk"
    contact = "Li Lei"
    phone = "13800138000"
    region = "Zhejiang Hangzhou"
    address = "1 Wenyi Road"
    is_default = True


class BuyerFactory(DjangoModelFactory):
    class Meta:
        model = Buyer

    source = "manual"
    external_id = factory.Sequence(lambda n: f"buyer-{n}")
    name = "张小雨"
    phone = "13812346620"
    phone_tail = "6620"
    email = "buyer@example.com"


class OrderFactory(DjangoModelFactory):
    """A signed order of one line: 2 units for 100.00, paid by wallet, freight 10.00."""

    class Meta:
        model = Order
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"SO-{n:06d}")
    external_number = factory.SelfAttribute("number")
    source = "manual"
    merchant = factory.SubFactory(MerchantFactory)
    buyer = factory.SubFactory(BuyerFactory)
    currency = "CNY"
    status = "signed"
    ordered_at = NOON - timedelta(days=5)
    paid_at = NOON - timedelta(days=5)
    shipped_at = NOON - timedelta(days=4)
    signed_at = NOON - timedelta(days=2)
    shipped_told_by = factory.LazyAttribute(lambda order: "import" if order.shipped_at else "")
    signed_told_by = factory.LazyAttribute(lambda order: "import" if order.signed_at else "")
    # Tests choose their own clock, NOON or the present: goods are heard of in all of them. Silence is set by None.
    goods_told_at = NOON + timedelta(days=3650)
    receipt_due_at = NOON + timedelta(days=8)
    goods_amount = Decimal(100)
    freight_amount = Decimal(10)
    paid_amount = Decimal(110)
    receiver_name = "张小雨"
    receiver_phone = "13812346620"
    phone_tail = "6620"
    receiver_region = "上海 静安"
    receiver_address = "南京西路 1 号"

    class Params:
        unshipped = factory.Trait(shipped_at=None, signed_at=None, status="paid", receipt_due_at=None)
        unsigned = factory.Trait(signed_at=None, status="shipped", receipt_due_at=None)


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = "连衣裙 雾蓝"
    sku = "DRESS-M"
    quantity = 2
    unit_price = Decimal(50)
    paid_amount = Decimal(100)


class PaymentFactory(DjangoModelFactory):
    class Meta:
        model = Payment

    order = factory.SubFactory(OrderFactory)
    sequence = factory.Sequence(lambda n: n + 1)
    method = "wallet"
    currency = factory.SelfAttribute("order.currency")
    captured = Decimal(110)
    reference = factory.Sequence(lambda n: f"pay-{n}")


def sold(*, lines=None, payments=None, **fields):
    """An order with lines [(quantity, paid)] and payments [(method, captured)]; sums are worked out."""
    lines = [(2, 100)] if lines is None else lines
    goods = sum((Decimal(paid) for _quantity, paid in lines), Decimal(0))
    freight = Decimal(fields.pop("freight_amount", 10))
    payments = [("wallet", goods + freight)] if payments is None else payments
    if "merchant" not in fields:
        fields["merchant"] = ReturnAddressFactory().merchant
    order = OrderFactory(goods_amount=goods, freight_amount=freight, paid_amount=goods + freight, **fields)
    for quantity, paid in lines:
        OrderLineFactory(
            order=order, quantity=quantity, paid_amount=Decimal(paid), unit_price=Decimal(paid) / (quantity or 1)
        )
    for method, captured in payments:
        PaymentFactory(order=order, method=method, captured=Decimal(captured))
    return order


def asks(
    order,
    *,
    type=CaseType.RETURN_REFUND,
    reason="changed_mind",
    units=None,
    amount=None,
    price_now=None,
    swap=None,
    **fields,
):
    """An application for the lines of an order; all units of the first line unless told otherwise."""
    lines = list(order.lines.order_by("position"))
    wanted = units if units is not None else {lines[0].pk: lines[0].quantity}
    return Application(
        order_id=order.pk,
        type=CaseType(type),
        reason=Reason.objects.get(code=reason),
        lines={pk: Wanted(number, amount, price_now=price_now, swap=swap) for pk, number in wanted.items()},
        **{**({"change": ChangeKind.CANCEL} if type == CaseType.ORDER_CHANGE else {}), **fields},
    )


def opened(order, *, by, at=NOON, **fields):
    """A case that has just been applied for."""
    return decisions.apply(asks(order, **fields), by=by, at=at)


def tiny_photo(name="proof.png"):
    """A picture of four pixels, cleaned like an upload."""
    out = io.BytesIO()
    Image.new("RGB", (2, 2), "navy").save(out, "PNG")
    return photo.clean(name, io.BytesIO(out.getvalue()), len(out.getvalue()))
