"""A form that acts: done once, refused in a sentence, never a fault page; what was typed stays."""

import uuid
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from aftersales.actions import gate
from aftersales.models import Submission, User
from aftersales.models.console.submission import SENT_ONCE
from orders.db import constraints
from orders.refusals import Refused

Again = Callable[[Refused], HttpResponse]


def new_key() -> str:
    """Key of a form, made with the page: `<input type="hidden" name="once" value="…">`."""
    return str(uuid.uuid4())


def perform(request: HttpRequest, act: Callable[[], str], *, again: Again, done: object = "") -> HttpResponse:
    """Run `act`, which answers where to go next; a second sending of the same form only goes there.

    `again` shows the page with the refusal; its status becomes 409 when somebody else was first, else 422.
    """
    try:
        location, is_first = _once(request, act)
    except Refused as refusal:
        response = again(refusal)
        response.status_code = status_of(refusal)
        return response
    if done and is_first:
        messages.success(request, str(done))
    # A redirect would be followed by the script itself, and the whole page would land in a corner of this one.
    return HttpResponseClientRedirect(location) if getattr(request, "htmx", False) else redirect(location)


def tell(request: HttpRequest, sentence: object) -> None:
    """Say on the next page what was done."""
    messages.success(request, str(sentence))


def status_of(refusal: Refused) -> int:
    """403 when it is not theirs to do, 409 when the case has moved on, 422 when it is not possible."""
    if isinstance(refusal, gate.Forbidden):
        return 403
    return 409 if isinstance(refusal, gate.Overtaken | gate.Busy) else 422


def _once(request: HttpRequest, act: Callable[[], str]) -> tuple[str, bool]:
    user, key = cast(User, request.user), key_of(request)
    if key is None:
        return act(), True
    try:
        return _first(user, key, act), True
    except IntegrityError as error:
        # Any other rule that the act has broken is a fault of ours: it must be loud.
        if constraints.broken(error) != SENT_ONCE:
            raise
        sent = Submission.objects.filter(user=user, key=key).first()
        if sent is None:
            raise Refused(_("This was being done at the same moment. Look at it again.")) from error
        return sent.location or request.path, False


@gate.transactional
def _first(user: User, key: uuid.UUID, act: Callable[[], str]) -> str:
    """The key is taken in the transaction of the act: either both are stored or neither."""
    taken = Submission.objects.create(user=user, key=key)
    location = act()
    Submission.objects.filter(pk=taken.pk).update(location=location)
    return location


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """The key of the form that was sent; nothing when it has none."""
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None
