"""The values of placeholders in one case, in the active language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import Case, Message, Offer, User
from aftersales.rules import phrases
from aftersales.rules.console import zones
from aftersales.rules.conversation import placeholders
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import RefundStatus, Role, Status

Fact = Callable[[Case, User, datetime], str]
LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}


def of(texts: Iterable[str], case: Case, user: User, at: datetime) -> dict[str, str]:
    """Values by code, for the placeholders that the texts use; empty where the case does not know."""
    codes = dict.fromkeys(word.code for text in texts for word in placeholders.used(text))
    return {code: FACTS[code](case, user, at) for code in codes}


def language_for(case: Case, own: str) -> str:
    """`zh` or `en`: as in the buyer's last message, else in the application or the goods, else the reader's own."""
    last = Message.objects.filter(case=case, role=Role.BUYER).order_by("-pk").values_list("body", flat=True).first()
    spoken = (placeholders.language_of(text) for text in (last or "", case.description, case.subject))
    return next((code for code in spoken if code), "zh" if own.startswith("zh") else "en")


def _item(case: Case) -> str:
    lines = [line.order_line for line in case.lines.select_related("order_line").order_by("order_line_id")]
    if not lines:
        return ""
    first = " ".join(part for part in (lines[0].title, lines[0].variant) if part)
    return first if len(lines) == 1 else _("%(first)s and %(more)d more") % {"first": first, "more": len(lines) - 1}


def _offer(case: Case) -> str:
    # An offer that was answered is none any more.
    if case.status != Status.PENDING_BUYER:
        return ""
    terms = case.offers.filter(status=Offer.Status.OPEN).first()
    return money_text(terms.amount, case.currency) if terms else ""


def _refund(case: Case) -> str:
    total = case.refunds.exclude(status=RefundStatus.CANCELLED).aggregate(sum=Sum("amount"))["sum"]
    return money_text(total, case.currency) if total else ""


def _return_address(case: Case) -> str:
    # Before it is agreed that goods come back an address would only invite parcels.
    place = case.return_address if case.goods_must_return and case.approved_at else None
    if place is None:
        return ""
    where = " ".join(part for part in (place.region, place.address, place.postcode) if part)
    comma = _("%(where)s, %(contact)s, %(phone)s")
    return comma % {"where": where, "contact": place.contact, "phone": place.phone}


def _due(case: Case) -> str:
    return zones.by_shop(case.due_at, case.merchant.calendar.time_zone, phrases.full_moment_text) if case.due_at else ""


def _today(case: Case, at: datetime) -> str:
    with timezone.override(case.merchant.calendar.time_zone):
        return phrases.day_text(at)


def _days(case: Case) -> str:
    return str(case.policy.ship_return_days) if case.goods_must_return else ""


def _back(case: Case, field: str) -> str:
    parcel = case.return_parcels.select_related("parcel").order_by("-pk").first()
    return str(getattr(parcel.parcel, field)) if parcel else ""


def _sent(case: Case) -> str:
    sent = case.sent_parcels.select_related("parcel").order_by("-pk").first()
    return sent.parcel.waybill if sent else ""


FACTS: Final[Mapping[str, Fact]] = {
    "buyer": lambda case, user, at: phrases.salutation(case.order.receiver_name or case.buyer.name),
    "shop": lambda case, user, at: case.merchant.name,
    "agent": lambda case, user, at: str(user),
    "case": lambda case, user, at: case.number,
    "order": lambda case, user, at: case.order.external_number or case.order.number,
    "item": lambda case, user, at: _item(case),
    "type": lambda case, user, at: str(case.get_type_display()),
    "reason": lambda case, user, at: case.reason.name,
    "amount": lambda case, user, at: money_text(case.requested_amount + case.freight_held, case.currency),
    "offer": lambda case, user, at: _offer(case),
    "refund": lambda case, user, at: _refund(case),
    "deadline": lambda case, user, at: _due(case) if case.waits_for == Role.BUYER else "",
    "promise": lambda case, user, at: _due(case) if case.waits_for != Role.BUYER else "",
    "days": lambda case, user, at: _days(case),
    "return_address": lambda case, user, at: _return_address(case),
    "freight_payer": lambda case, user, at: str(case.get_freight_payer_display()) if case.goods_must_return else "",
    "carrier": lambda case, user, at: _back(case, "carrier"),
    "waybill": lambda case, user, at: _back(case, "waybill"),
    "sent_waybill": lambda case, user, at: _sent(case),
    "today": lambda case, user, at: _today(case, at),
}
