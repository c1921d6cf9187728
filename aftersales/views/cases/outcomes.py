"""What a move will set in motion, said before it is confirmed, by the facts of this moment."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.actions.refunds import calculation
from aftersales.actions.replacements import repairs
from aftersales.models import ApprovalRequest, Case, Offer
from aftersales.moves import approving, deciding, disputing, repairing
from aftersales.moves.record import Act, Move
from aftersales.queries.cases import wording
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import approvals, refund_preview
from aftersales.rules import guards
from aftersales.rules.actor import CLOCK
from aftersales.rules.cases import goods_told, offered_terms
from aftersales.rules.cases.goods_moved import Before
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import CaseType, GoodsState, Role
from orders.refusals import Refused


def preview(case: Case, act: Act, at: datetime) -> str:
    """Money has no undo: what agreeing will do is said first, and who has to prove what before something is refused."""
    if act is deciding.REJECT:
        return burden_of_proof.sentence(case)
    if not isinstance(act, Move) or not act.shows_outcome or case.status not in act.sources:
        return ""
    if act is repairing.CHOOSE_REFUND:
        return _money_instead(case, at)
    if act is approving.ALLOW:
        asked = case.approval_requests.filter(status=ApprovalRequest.Status.PENDING).first()
        return approvals.sentence(asked, case) if asked else ""
    before = _when_asked(case)
    return " ".join([*filter(None, _warnings(case, before, at)), wording.consequence(case, *_terms(case, act, before))])


def _money_instead(case: Case, at: datetime) -> str:
    """What the buyer gets in place of a repair, and what comes off it by which rule."""
    drafts = repairs.money_instead(case, at)
    said = wording.consequence(case, CaseType.RETURN_REFUND, settlement.total(drafts))
    deducted = refund_preview.deducted(case, drafts, [line.order_line for line in case.lines.all()])
    if not deducted:
        return said
    return " ".join([said, _("Deducted: %(parts)s.") % {"parts": pgettext("between states", ", ").join(deducted)}])


def refuse_other(case: Case, act: Act, seen: str | None, at: datetime) -> None:
    """Refused when facts have moved since the page said what it leads to: the new outcome is read first."""
    if seen is not None and seen != preview(case, act, at):
        raise Refused(_("What this leads to has changed since you opened it: read it again, then confirm."))


def _when_asked(case: Case) -> Before | None:
    """The request as its round has it, where its goods have moved since."""
    asked = case.rounds.filter(number=case.round_number).first()
    if asked is None or asked.goods_state == case.goods_state:
        return None
    return Before(asked.goods_state, asked.type, case.change, asked.amount, Decimal(0))


def _warnings(case: Case, before: Before | None, at: datetime) -> Iterator[str]:
    if before is not None:
        words = {"before": GoodsState(before.state).label, "now": GoodsState(case.goods_state).label}
        yield _("When this was asked the goods were: %(before)s; now they are: %(now)s.") % words
    if case.goods_state != GoodsState.SIGNED:
        yield goods_told.unknown(case.order, at)
    late = guards.asked_in_time(case, CLOCK, Role.CLOCK, at, CaseFacts(case, CLOCK, Role.CLOCK, at))
    if late:
        yield late


def _terms(case: Case, act: Act, before: Before | None) -> tuple[str, Decimal]:
    """The type and the sum that the case would go on with."""
    offer = case.offers.filter(status=Offer.Status.OPEN).first() if act is deciding.ACCEPT_OFFER else None
    if offer is not None:
        asked = case.requested_amount + case.freight_held
        return offered_terms.type_by_now(case, offer, before), min(offer.amount, asked)
    finds_missing = act is disputing.RULE_FOR_BUYER and burden_of_proof.concerns(case.reason)
    return before.type if before and finds_missing else case.type, settlement.total(calculation.trial(case))
