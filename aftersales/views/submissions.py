"""Forms that act: performed once, refused with a sentence on the same page, where what was typed stays."""

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
from aftersales.models.console.submission import LONGEST_PATH, SENT_ONCE
from orders.db import constraints
from orders.refusals import Refused

Again = Callable[[Refused], HttpResponse]


def new_key() -> str:
    """A key for a form, made with its page: `<input type="hidden" name="once" value="…">`."""
    return str(uuid.uuid4())


def perform(request: HttpRequest, act: Callable[[], str], *, again: Again, done: object = "") -> HttpResponse:
    """Perform `act`, which returns where to go next; the second submission of a form only goes there.

    `again` renders the page with the refusal; its status becomes that of `status_of`. `done` is said on the next page.
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
    """Say a sentence on the next page."""
    messages.success(request, str(sentence))


def status_of(refusal: Refused) -> int:
    """403 where the person may not, 409 where the case has moved on, 422 where it is not possible."""
    if isinstance(refusal, gate.Forbidden):
        return 403
    return 409 if isinstance(refusal, gate.Overtaken | gate.Busy) else 422


def _once(request: HttpRequest, act: Callable[[], str]) -> tuple[str, bool]:
    """Where to go next, and whether this was the first submission."""
    user, key, path = cast(User, request.user), key_of(request), request.path[:LONGEST_PATH]
    if key is None:
        return act(), True
    try:
        return _first(user, key, path, act), True
    except IntegrityError as error:
        # Any other rule that the act has broken is a fault of ours: it must be loud.
        if constraints.broken(error) != SENT_ONCE:
            raise
    return _first_location(user, key, path) or request.path, False


def _first_location(user: User, key: uuid.UUID, path: str) -> str:
    sent = Submission.objects.filter(user=user, key=key).first()
    if sent is None:  # the first one was rolled back after it had made us fail
        raise Refused(_("This was being done at the same moment. Look at it again."))
    if sent.path not in ("", path):  # "": sent before paths were kept
        raise Refused(_("Nothing was done: this form has the key of another one. Load the page again and repeat it."))
    return sent.location


@gate.transactional
def _first(user: User, key: uuid.UUID, path: str, act: Callable[[], str]) -> str:
    """Store the key in the transaction of the act: both or neither.

    A second submission waits at the unique key until the first has committed or rolled back.
    """
    taken = Submission.objects.create(user=user, key=key, path=path)
    location = act()
    Submission.objects.filter(pk=taken.pk).update(location=location)
    return location


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """The key of the submitted form; None where it has none."""
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None
