"""Who has to prove what when goods are said not to have arrived: before the receipt is confirmed the merchant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from aftersales.models import Case, Reason
    from orders.models import Order

# Claims that nothing arrived: what counts against them is the carrier's proof of a signature.
NOT_RECEIVED = frozenset({"not_received", "no_trace", "empty_parcel"})
# Claims about a parcel that turns round: once it is back, the case goes on as if it had been stopped.


def concerns(reason: Reason) -> bool:
    """Whether the claim is that nothing arrived."""
    return reason.code in NOT_RECEIVED


def is_buyers(order: Order) -> bool:
    """Whether the buyer has to show it: they have confirmed the receipt."""
    return order.completed_at is not None


def sentence(case: Case) -> str:
    """Who has to prove what, for the page of the case and the form to reject it; nothing where it is no question."""
    if not concerns(case.reason):
        return ""
    if is_buyers(case.order):
        return _("The receipt was confirmed: the buyer has to show that the goods did not arrive.")
    return _("The receipt is not confirmed: the merchant has to prove the signature, or pays.")


def against_applying(order: Order, reason: Reason, *, shown: bool) -> str | None:
    """Sentence when the buyer has confirmed the receipt and shows nothing that says otherwise."""
    if concerns(reason) and is_buyers(order) and not shown:
        return _("The receipt of this order was confirmed: “%(reason)s” needs a photo that shows otherwise.") % {
            "reason": reason.name
        }
    return None


def against_rejecting(case: Case, proofs: int) -> str | None:
    """Sentence when the merchant refuses without the carrier's proof, which is theirs to bring."""
    if concerns(case.reason) and not is_buyers(case.order) and not proofs:
        return _("“%(reason)s”, and the receipt is not confirmed: attach the carrier's proof of the signature.") % {
            "reason": case.reason.name
        }
    return None
