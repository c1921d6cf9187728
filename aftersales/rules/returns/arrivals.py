"""Guard of what arrives: goods come back only to a case that once agreed to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.guards import guard
from aftersales.rules.vocabulary import Role

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts


@guard(gettext_lazy("The return was agreed to."))
def return_agreed(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.approved_at is not None and case.goods_must_return:
        return None
    return _("Nobody agreed to a return in this case: set the goods aside instead.")
