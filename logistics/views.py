"""The webhook of carriers: a message is verified, stored and acknowledged; everything else is a sweep's work."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from logistics.carriers import SOURCES, accounts
from logistics.carriers.base import Account, Incoming, Unreadable, Unverified
from logistics.messages import inbox

LIMIT: Final = 10 * 1024 * 1024  # bytes
SENTENCES: Final = {
    inbox.Stored.NEW: (HTTPStatus.OK, "Taken."),
    inbox.Stored.KNOWN: (HTTPStatus.OK, "Known already."),
    inbox.Stored.OTHER_BODY: (HTTPStatus.CONFLICT, "This number was used for another message."),
    inbox.Stored.STALE: (HTTPStatus.UNAUTHORIZED, "The signature is too old, or from the future."),
}


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, source: str, account: str) -> HttpResponse:
    """Accept a message that is signed with a live secret of the account; answers in the form of its source."""
    found = accounts.find(source, account)
    if found is None:
        return HttpResponse("There is no such account.", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    status, sentence = _accept(request, found)
    answer = SOURCES[source].answer(status == HTTPStatus.OK, sentence)
    return HttpResponse(answer.body, status=status, content_type=answer.content_type)


def _accept(request: HttpRequest, account: Account) -> tuple[HTTPStatus, str]:
    # Before the body is read: the sender is not known yet.
    if int(request.META.get("CONTENT_LENGTH") or 0) > LIMIT:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The message is larger than 10 MB."
    now = timezone.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        message = SOURCES[account.source].verify(Incoming(request.read(), headers), account, now)
    except Unverified as refusal:
        return HTTPStatus.UNAUTHORIZED, str(refusal)
    except Unreadable as refusal:
        return HTTPStatus.BAD_REQUEST, str(refusal)
    return SENTENCES[inbox.store(account, message, now)]
