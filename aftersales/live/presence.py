"""Who looks at which case and who writes there: in Redis, forgotten by itself; without Redis nobody is seen."""

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
class Here:
    """Somebody at a case, looking or writing."""

    number: str
    user_id: int
    merchant_id: int | None
    is_writing: bool

    def __str__(self) -> str:
        return f"{self.number}:{self.user_id}:{self.merchant_id or 0}:{'w' if self.is_writing else 'v'}"


@dataclass
class Rest:
    """Until when, in running time, Redis is left alone."""

    until: float = 0.0


REST: Final = Rest()


def note(number: str, user: User, *, is_writing: bool, at: datetime) -> None:
    """Somebody looks at a case, or writes there; holds for 45 s."""
    bound = None if timeline.is_insider(user.roles) else user.merchant_id
    now, other = Here(number, user.pk, bound, is_writing), Here(number, user.pk, bound, not is_writing)

    def store(client: redis.Redis) -> None:
        with client.pipeline(transaction=False) as pipe:
            pipe.zremrangebyscore(KEY, "-inf", at.timestamp())
            pipe.zrem(KEY, str(other))
            pipe.zadd(KEY, {str(now): (at + FORGOTTEN_AFTER).timestamp()})
            pipe.execute()

    _asked(store)


def forget(number: str, user: User) -> None:
    """Somebody has left a case."""
    bound = None if timeline.is_insider(user.roles) else user.merchant_id
    both = [str(Here(number, user.pk, bound, is_writing)) for is_writing in (True, False)]
    _asked(lambda client: client.zrem(KEY, *both))


def everybody(at: datetime) -> frozenset[Here] | None:
    """Who is anywhere now; nothing when Redis does not answer."""
    found: Any = _asked(lambda client: client.zrangebyscore(KEY, f"({at.timestamp()}", "+inf"))
    return None if found is None else frozenset(here for here in map(_read, found) if here is not None)


def at_cases(numbers: Iterable[str], user: User, at: datetime) -> dict[str, list[Here]]:
    """Who is at these cases besides the person, as far as the person may know; who writes first."""
    wanted, is_insider = set(numbers), timeline.is_insider(user.roles)
    found: dict[str, list[Here]] = {}
    for here in sorted(everybody(at) or (), key=lambda each: (not each.is_writing, each.user_id)):
        is_ours = is_insider or (user.merchant_id is not None and here.merchant_id == user.merchant_id)
        if here.number in wanted and here.user_id != user.pk and is_ours:
            found.setdefault(here.number, []).append(here)
    return found


def _read(member: bytes) -> Here | None:
    try:
        number, user_id, merchant_id, how = member.decode().split(":")
        return Here(number, int(user_id), int(merchant_id) or None, how == "w")
    except ValueError:
        return None


def _asked(ask: Callable[[redis.Redis], T]) -> T | None:
    """What Redis answers; nothing when it does not, and then it is left alone for a while."""
    if time.monotonic() < REST.until:
        return None
    try:
        return ask(_client(settings.REDIS_URL))
    except (redis.RedisError, OSError) as error:
        REST.until = time.monotonic() + REST_SECONDS
        logger.warning("presence: Redis does not answer: %s", error)
        return None


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)
