"""What a policy decided by itself, and what stood against it, in sentences of the timeline."""

from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.cases.automatic_decisions import AUTHORISED, INSTANT, RETURNLESS, SMALL
from aftersales.rules.event_data import Details
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Fault, GoodsState

RULES: dict[str, Promise | str] = {
    RETURNLESS: gettext_lazy("Nothing need come back"),
    INSTANT: gettext_lazy("Refund at once"),
    SMALL: gettext_lazy("Agreed at once"),
    AUTHORISED: gettext_lazy("Return authorised by itself"),
}
BLOCKERS: dict[str, Promise | str] = {
    "sum": gettext_lazy("the sum is not below the limit"),
    "taken": gettext_lazy("another case has the goods"),
    "no_address": gettext_lazy("the merchant has no return address"),
    "sent_first": gettext_lazy("the replacement would be sent first"),
    "red_packets": gettext_lazy("paid with vouchers or points"),
    "instalments": gettext_lazy("paid in instalments"),
    "buyer_level": gettext_lazy("the buyer's level is too low"),
    "roll_out": gettext_lazy("not rolled out to this buyer"),
    "case_count": gettext_lazy("too many cases of late"),
    "refund_rate": gettext_lazy("too much was given back of late"),
    "dispute_rate": gettext_lazy("too many cases went to the platform"),
    "quota": gettext_lazy("above what may be out at one time"),
}
# A buyer's record counts over all merchants: these are for people of the platform.
ABOUT_THE_BUYER = frozenset({"buyer_level", "roll_out", "case_count", "refund_rate", "dispute_rate", "quota"})


def sentences(data: Details, currency: str, *, is_insider: bool) -> list[str]:
    """The rule that decided, with its sum; each rule that did not, with what stood against it; what follows from it."""
    return [
        *_decided(data, currency),
        *_not_decided(data, is_insider=is_insider),
        *_prepaid(data),
        *_found(data),
        *_goods_moved(data),
        *_advanced(data, currency),
    ]


def _decided(data: Details, currency: str) -> list[str]:
    if data.get("rule") not in RULES:
        return []
    words = {"rule": RULES[data["rule"]], "limit": _sum(data.get("limit", ""), currency)}
    return [_("%(rule)s: below %(limit)s") % words]


def _not_decided(data: Details, *, is_insider: bool) -> list[str]:
    return [
        _("not “%(rule)s”: %(blocker)s") % {"rule": RULES[rule], "blocker": BLOCKERS[code]}
        for rule, code in data.get("against", ())
        # Codes of a later version, or of a rule that is gone, have no words here.
        if rule in RULES and code in BLOCKERS and (is_insider or code not in ABOUT_THE_BUYER)
    ]


def _prepaid(data: Details) -> list[str]:
    if data.get("label") != "prepaid":
        return []
    return [_("The return label is prepaid: the merchant pays the way back.")]


def _found(data: Details) -> list[str]:
    liable = data.get("liable", "")
    return [_("Liable: %(party)s.") % {"party": Fault(liable).label}] if liable in Fault else []


def _goods_moved(data: Details) -> list[str]:
    states = [GoodsState(each).label for each in data.get("goods", ()) if each in GoodsState]
    if len(states) != 2:
        return []
    return [_("The goods had moved on: %(before)s → %(now)s.") % {"before": states[0], "now": states[1]}]


def _advanced(data: Details, currency: str) -> list[str]:
    if not data.get("advanced"):
        return []
    return [_("%(amount)s is paid before the goods are here.") % {"amount": _sum(data["advanced"], currency)}]


def _sum(amount: str, currency: str) -> str:
    try:
        return money_text(Decimal(amount), currency)
    except InvalidOperation:
        # An event is never changed: one that an older version of this program wrote is shown as it is.
        return amount
