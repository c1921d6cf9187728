"""Who has to prove whether goods arrived: the merchant until the buyer has confirmed the receipt, then the buyer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from aftersales.models import Case, Reason
    from orders.models import Order

# Reasons that say that nothing arrived. The carrier's proof of a signature is what speaks against them.
NOT_RECEIVED = frozenset({"not_received", "no_trace", "empty_parcel"})


def concerns(reason: Reason) -> bool:
    """Whether the reason says that nothing arrived."""
    return reason.code in NOT_RECEIVED


def is_buyers(order: Order) -> bool:
    """Whether the burden is the buyer's, who has confirmed the receipt."""
    return order.completed_at is not None


def sentence(case: Case) -> str:
    """Who has to prove what, for the page of a case and the form to reject it; empty for other reasons."""
    if not concerns(case.reason):
        return ""
    if is_buyers(case.order):
        return _("The receipt was confirmed: the buyer has to show that the goods did not arrive.")
    return _("The receipt is not confirmed: the merchant has to prove the signature, or pays.")


def against_applying(order: Order, reason: Reason, *, shown: bool) -> str | None:
    """Why the buyer may not apply: the receipt is confirmed, and no evidence says otherwise."""
    if concerns(reason) and is_buyers(order) and not shown:
        return _("The receipt of this order was confirmed: “%(reason)s” needs a photo that shows otherwise.") % {
            "reason": reason.name
        }
    return None


def against_rejecting(case: Case, proofs: int) -> str | None:
    """Why the merchant may not reject: the proof of a signature is theirs to bring, and it is missing."""
    if concerns(case.reason) and not is_buyers(case.order) and not proofs:
        return _("“%(reason)s”, and the receipt is not confirmed: attach the carrier's proof of the signature.") % {
            "reason": case.reason.name
        }
    return None
