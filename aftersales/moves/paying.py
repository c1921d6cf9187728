"""Paying the buyer: refunds paid, refused, sent once more, taken back, advanced by the platform."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import About, Move, Place
from aftersales.rules import event_money, guards
from aftersales.rules.vocabulary import Role, Status

R, S = Role, Status

SETTLE: Final = Move(
    name="settle",
    label=_("Refund paid"),
    who=frozenset({R.GATEWAY, R.FINANCE}),
    sources=(S.REFUNDING, S.REFUND_FAILED),
    targets=(S.COMPLETED,),
    guards=(guards.all_refunds_paid,),
    place=Place.NOWHERE,
    said=_("all money has gone back"),
    about=About.MONEY,
)

FAIL_REFUND: Final = Move(
    name="fail_refund",
    label=_("Refund failed"),
    who=frozenset({R.GATEWAY}),
    sources=(S.REFUNDING,),
    targets=(S.REFUND_FAILED,),
    carries=event_money.OfRefund,
    said=_("refused the refund"),
    about=About.MONEY,
    tells=(),
)

RETRY_REFUND: Final = Move(
    name="retry_refund",
    asks_anew=True,
    label=_("Refund again"),
    who=frozenset({R.FINANCE}),
    sources=(S.REFUND_FAILED,),
    targets=(S.REFUNDING,),
    leads={S.REFUND_FAILED: 1},
    place=Place.FINANCE,
    carries=event_money.OfRefund,
    said=_("sent the refund again"),
    about=About.MONEY,
    is_internal=True,
    tells=(),
)

REVERSE_REFUND: Final = Move(
    name="reverse_refund",
    label=_("Refund reversed"),
    who=frozenset({R.GATEWAY}),
    sources=(S.COMPLETED,),
    targets=(S.REFUND_FAILED,),
    carries=event_money.OfRefund,
    said=_("took a paid refund back"),
    about=About.MONEY,
)

PLATFORM_PAYS: Final = Move(
    name="platform_pays",
    label=_("Platform pays"),
    who=frozenset({R.CLOCK}),
    sources=(S.REFUNDING, S.REFUND_FAILED),
    targets=(S.REFUNDING,),
    said=_("the time to refund is over: the platform pays what the merchant's account does not"),
    about=About.MONEY,
)
