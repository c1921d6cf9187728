"""Who looks at which case, and who writes there: kept in Redis for 45 seconds; without Redis nobody is seen."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeVar

import redis
from django.conf import settings

from aftersales.models import User
from aftersales.queries.cases import timeline

KEY: Final = "desk:present"
FORGOTTEN_AFTER: Final = timedelta(seconds=45)
REST_SECONDS: Final = 15.0  # how long a Redis that does not answer is left alone

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visit:
    """Somebody at a case, looking or writing."""

    number: str
    user_id: int
    merchant_id: int | None
    is_writing: bool

    def __str__(self) -> str:
        return f"{self.number}:{self.user_id}:{self.merchant_id or 0}:{'w' if self.is_writing else 'v'}"


@dataclass
class Rest:
    """Until when Redis is left alone, by the monotonic clock."""

    until: float = 0.0


REST: Final = Rest()


def note(number: str, user: User, *, is_writing: bool, at: datetime) -> None:
    """Note that somebody looks at a case, or writes there; it holds for 45 seconds."""
    merchant_id = None if timeline.is_insider(user.roles) else user.merchant_id
    now, other = Visit(number, user.pk, merchant_id, is_writing), Visit(number, user.pk, merchant_id, not is_writing)

    def store(client: redis.Redis) -> None:
        with client.pipeline(transaction=False) as pipe:  # one round trip
            pipe.zremrangebyscore(KEY, "-inf", at.timestamp())
            pipe.zrem(KEY, str(other))
            pipe.zadd(KEY, {str(now): (at + FORGOTTEN_AFTER).timestamp()})
            pipe.execute()

    _ask(store)


def forget(number: str, user: User) -> None:
    """Note that somebody has left a case."""
    merchant_id = None if timeline.is_insider(user.roles) else user.merchant_id
    both = [str(Visit(number, user.pk, merchant_id, is_writing)) for is_writing in (True, False)]
    _ask(lambda client: client.zrem(KEY, *both))


def everybody(at: datetime) -> frozenset[Visit] | None:
    """Who is at any case now; None when Redis does not answer, which is not the same as nobody."""
    found: Any = _ask(lambda client: client.zrangebyscore(KEY, f"({at.timestamp()}", "+inf"))
    return None if found is None else frozenset(here for here in map(_read, found) if here is not None)


def at_cases(numbers: Iterable[str], user: User, at: datetime) -> dict[str, list[Visit]]:
    """Others who are at these cases, those that the person may know of; who writes comes first."""
    wanted, is_insider = set(numbers), timeline.is_insider(user.roles)
    found: dict[str, list[Visit]] = {}
    for here in sorted(everybody(at) or (), key=lambda each: (not each.is_writing, each.user_id)):
        is_ours = is_insider or (user.merchant_id is not None and here.merchant_id == user.merchant_id)
        if here.number in wanted and here.user_id != user.pk and is_ours:
            found.setdefault(here.number, []).append(here)
    return found


def _read(member: bytes) -> Visit | None:
    try:
        number, user_id, merchant_id, how = member.decode().split(":")
        return Visit(number, int(user_id), int(merchant_id) or None, how == "w")
    except ValueError:
        return None


def _ask(question: Callable[[redis.Redis], T]) -> T | None:
    """The answer of Redis; None when there is none, and then Redis is left alone for a while."""
    # Every open page asks: without the rest each of them would wait for the timeout.
    if time.monotonic() < REST.until:
        return None
    try:
        return question(_client(settings.REDIS_URL))
    except (redis.RedisError, OSError) as error:
        REST.until = time.monotonic() + REST_SECONDS
        logger.warning("presence: Redis does not answer: %s", error)
        return None


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)
