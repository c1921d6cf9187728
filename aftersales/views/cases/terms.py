"""Acts with terms of their own, done or, above one's limit, sent to a second person with all that was typed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from aftersales.actions.refunds import approvals
from aftersales.forms.cases.moves import MoveForm
from aftersales.models import Case
from aftersales.moves import deciding, disputing
from aftersales.moves.record import Act
from aftersales.rules.refunds.asked_terms import Proposed, Ruled, Terms
from aftersales.rules.vocabulary import CaseType, Fault, GivenAs
from aftersales.views.cases.move_dialog import version_of

Data = dict[str, Any]


def proposed(data: Data) -> Proposed:
    """An offer, as its form says it."""
    kind, _colon, given_as = data["type"].partition(":")
    words = {"type": CaseType(kind), "given_as": GivenAs(given_as or GivenAs.MONEY), "note": data["note"]}
    return Proposed(amount=data["amount"], **words)


def ruled(data: Data) -> Ruled:
    """A ruling for the buyer, as its form says it."""
    return Ruled(ruling=data["ruling"], liable=Fault(data["liable"]), amount=data["amount"])


READ: Final[dict[Act, Callable[[Data], Terms]]] = {deciding.OFFER: proposed, disputing.RULE_FOR_BUYER: ruled}


def are_asked(request: HttpRequest, act: Act) -> bool:
    """Whether the person sends the terms to a second one."""
    return act in READ and bool(request.POST.get("ask"))


def ask(request: HttpRequest, act: Act, case: Case, form: MoveForm, at: datetime) -> str:
    """Ask a second person for the terms as they were typed; answers where to go next."""
    terms = READ[act](form.terms())
    approvals.ask(case.pk, action=act.name, terms=terms, by=form.by, at=at, version=version_of(request))
    return reverse("aftersales:case", args=[case.number])
