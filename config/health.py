"""/healthz: does the database answer, does the broker answer, does the clock tick?"""

import logging
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Six ticks: one slow sweep is not yet a clock that stands still.
STALE = timedelta(seconds=180)
OK = "ok"

logger = logging.getLogger(__name__)


# Open to all: who watches has no login, and reads nothing here but three words and a number.
@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all three work, else 503 with the word for what does not."""
    age = _age()
    parts = {"database": _word(_ask_database), "broker": _word(_ask_broker), "clock": _clock_word(age)}
    status = 200 if set(parts.values()) == {OK} else 503
    return JsonResponse(
        {**parts, "clock_age_seconds": None if age is None else int(age.total_seconds())}, status=status
    )


def _word(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - whatever fails, the answer is 503 and never a traceback
        logger.warning("healthz: %s: %s", ask.__name__, error)
        return "failed"
    return OK


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        client.ping()


def _age() -> timedelta | None:
    """Since the last sweep; None when there was none or the database does not say."""
    from aftersales.models import ClockBeat

    try:
        beat_at = ClockBeat.objects.values_list("beat_at", flat=True).first()
    except Exception as error:  # noqa: BLE001 - as above
        logger.warning("healthz: clock: %s", error)
        return None
    return None if beat_at is None else timezone.now() - beat_at


def _clock_word(age: timedelta | None) -> str:
    if age is None:
        return "unknown"
    return OK if age <= STALE else "late"
