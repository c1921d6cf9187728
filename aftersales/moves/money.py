"""Money: what is done to single refunds, to what is owed, to what the invoice needs. No case moves by it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import About, Act
from aftersales.rules import event_money
from aftersales.rules.permissions import AGENTS_AND_MERCHANT, WAREHOUSE_STAFF
from aftersales.rules.vocabulary import Role

R = Role

RELEASE_FIRST: Final = Act(
    name="release_first",
    carries=event_money.OfRefund,
    said=_("released the refund; a second person of finance has to release it too"),
    about=About.MONEY,
    is_internal=True,
)
RELEASE_REFUND: Final = Act(
    name="release_refund",
    asks_anew=True,
    lets_money_go=True,
    who=frozenset({R.FINANCE}),
    carries=event_money.OfRefund,
    said=_("released the refund"),
    about=About.MONEY,
    is_internal=True,
)
QUERY_REFUND: Final = Act(
    name="query_refund",
    asks_anew=True,
    who=frozenset({R.FINANCE}),
    carries=event_money.OfRefund,
    said=_("asked the gateway about the refund"),
    about=About.MONEY,
    is_internal=True,
)
PROPOSE_SETTLEMENT: Final = Act(
    name="propose_settlement",
    carries=event_money.OfRefund,
    said=_("said that the refund was paid by hand"),
    about=About.MONEY,
    is_internal=True,
)
CONFIRM_SETTLEMENT: Final = Act(
    name="confirm_settlement",
    carries=event_money.OfRefund,
    said=_("confirmed the payment by hand"),
    about=About.MONEY,
    is_internal=True,
)
DROP_SETTLEMENT: Final = Act(
    name="drop_settlement",
    carries=event_money.OfRefund,
    said=_("took back that it was paid by hand"),
    about=About.MONEY,
    is_internal=True,
)
DISPUTE_PAYMENT: Final = Act(
    name="dispute_payment",
    asks_anew=True,
    who=frozenset({R.FINANCE}),
    carries=event_money.OfDispute,
    said=_("recorded what the buyer's bank says of a disputed payment"),
    about=About.MONEY,
    is_internal=True,
)
SETTLE_RECEIVABLE: Final = Act(
    name="settle_receivable",
    asks_anew=True,
    lets_money_go=True,
    who=AGENTS_AND_MERCHANT | {R.FINANCE},
    carries=event_money.OfReceivable,
    said=_("recorded that money owed was paid"),
    about=About.MONEY,
)
TELL_PAYMENT: Final = Act(
    name="tell_payment",
    carries=event_money.OfReceivable,
    said=_("said that money owed was paid: a second person of finance has to agree"),
    about=About.MONEY,
    is_internal=True,
)
WAIVE_RECEIVABLE: Final = Act(
    name="waive_receivable",
    asks_anew=True,
    lets_money_go=True,
    who=frozenset({R.FINANCE}),
    carries=event_money.OfReceivable,
    said=_("waived money owed"),
    about=About.MONEY,
)
PROPOSE_WAIVER: Final = Act(
    name="propose_waiver",
    carries=event_money.OfReceivable,
    said=_("proposed to waive money owed: a second person has to agree"),
    about=About.MONEY,
    is_internal=True,
)
CLAIM_CARRIER: Final = Act(
    name="claim_carrier",
    who=AGENTS_AND_MERCHANT | WAREHOUSE_STAFF,
    carries=event_money.OfReceivable,
    said=_("made a claim on the carrier"),
    about=About.MONEY,
)
FINISH_INVOICE_TASK: Final = Act(
    name="finish_invoice_task",
    who=AGENTS_AND_MERCHANT | {R.FINANCE},
    carries=event_money.OfInvoiceTask,
    said=_("did a task of the invoice"),
    about=About.MONEY,
)
