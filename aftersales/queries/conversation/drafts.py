"""What somebody has typed into a case and not sent."""

from django.db.models import Exists, OuterRef

from aftersales.models import Draft, Submission
from orders.db.compiled_query import CompiledQuery

# The last keystroke may be saved after its form was sent: such a draft is over.
WAS_SENT = Exists(Submission.objects.filter(user=OuterRef("user"), key=OuterRef("once")))
DRAFT = CompiledQuery(lambda user, case: Draft.objects.filter(user=user, case=case).exclude(WAS_SENT), int, int)


def draft(user_id: int, case_id: int) -> Draft | None:
    """The person's draft in a case, if there is one; one query."""
    return next(iter(DRAFT(user_id, case_id)), None)
