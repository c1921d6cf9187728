"""Where somebody goes after they have done with a case: they stay, take the next one, or go back to their list."""

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.actions.console import assignment
from aftersales.models import Case
from aftersales.moves import acts
from aftersales.views.access import DeskRequest, actor
from orders.refusals import Refused


def place(request: DeskRequest, case: Case, then: str) -> str:
    """The address for `then`: "next" claims the next case, "close" is the list, anything else stays."""
    if then == "next" and actor(request).role_for(acts.CLAIM) is not None:
        try:
            return next_case(request)
        except Refused as refusal:  # what came before it stays done
            messages.warning(request, str(refusal))
            return reverse("aftersales:cases")
    if then == "close":
        return reverse("aftersales:cases")
    return f"{reverse('aftersales:case', args=[case.number])}#thread"


def next_case(request: DeskRequest) -> str:
    """Claim the case that is due first and answer its address; that of the list, and a word, when nobody waits."""
    case = assignment.claim_next(request.user, by=actor(request), at=timezone.now())
    if case is not None:
        return reverse("aftersales:case", args=[case.number])
    messages.info(request, _("Nobody is waiting: every case that needs us is in somebody's hands."))
    return reverse("aftersales:cases")
