"""Accounts at carriers, from the environment: CARRIERS = {source: {code of a merchant or "default": {…}}}."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from logistics.carriers import PICKUP_CARRIERS, SOURCES
from logistics.carriers.base import Account

DEFAULT: Final = "default"
TEXTS: Final = ("url", "key", "customer", "callback_url", "pickup_url")
NUMBERS: Final = ("hours", "seconds")
FIELDS: Final = (*TEXTS, *NUMBERS, "secrets", "zone")
MOST_SECRETS: Final = 2  # the present and the former one, so that a secret is replaced without a gap
HERE: Final = {"localhost", "127.0.0.1", "::1"}
# The fields without which a source can not be used.
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "kuaidi100": ("key", "customer", "secrets", "callback_url"),
    "17track": ("key", "secrets"),
    "aftership": ("key", "secrets"),
    "sf": ("key", "customer"),
    "manual": ("secrets",),
}


def find(source: str, name: str) -> Account | None:
    """The account with this name, or None."""
    return _accounts(settings.CARRIERS).get((source, name))


def for_tracking(merchant_code: str, carrier: str) -> Account | None:
    """The account that follows this carrier's parcels for the merchant: its own first, else the default one."""
    found = _accounts(settings.CARRIERS)
    for name in (merchant_code, DEFAULT):
        for (source, owner), account in found.items():
            if owner == name and SOURCES[source].covers(carrier):
                return account
    return None


def for_pickups(merchant_code: str, carrier: str) -> Account | None:
    """The account that books this carrier's couriers for the merchant: its own first, else the default one."""
    found = _accounts(settings.CARRIERS)
    for name in (merchant_code, DEFAULT):
        for source, collector in PICKUP_CARRIERS.items():
            if (source, name) in found and collector.collects(carrier):
                return found[source, name]
    return None


def owners(source: str) -> frozenset[str]:
    """Codes of merchants with an account of their own at a source; the default one may not report on their parcels."""
    return frozenset(name for kind, name in _accounts(settings.CARRIERS) if kind == source and name != DEFAULT)


def problems(text: str) -> Iterator[str]:
    """What is wrong with the setting CARRIERS, one sentence each; shown by `manage.py check`."""
    try:
        sources = json.loads(text) if text.strip() else {}
    except ValueError as error:
        yield f"CARRIERS is no JSON: {error}."
        return
    if not isinstance(sources, dict):
        yield 'CARRIERS is no object: write {"kuaidi100": {"default": {…}}}.'
        return
    for source, accounts in sources.items():
        yield from _problems_of_source(source, accounts)


def _problems_of_source(source: str, accounts: Any) -> Iterator[str]:
    if source not in SOURCES:
        yield f"CARRIERS: {source!r} is no source; use one of {', '.join(SOURCES)}."
    elif not isinstance(accounts, dict):
        yield f"CARRIERS: {source} is no object of accounts by merchant's code."
    else:
        for name, fields in accounts.items():
            yield from (f"CARRIERS: {source} of {name}: {what}" for what in _problems_of_account(source, name, fields))


def _problems_of_account(source: str, name: str, fields: Any) -> Iterator[str]:
    if not isinstance(fields, dict):
        yield "is no object."
        return
    if not 0 < len(name) <= 60 or "/" in name:
        yield "the name is empty, too long or has a slash."
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        yield f"unknown: {', '.join(unknown)}; known are {', '.join(FIELDS)}."
    missing = [field for field in NEEDS[source] if not fields.get(field)]
    if missing:
        yield f"missing: {', '.join(missing)}."
    yield from _problems_of_texts(fields)
    yield from _problems_of_numbers(fields)
    yield from _problems_of_secrets(fields)
    yield from _problems_of_zone(fields)


def _problems_of_texts(fields: Mapping[str, Any]) -> Iterator[str]:
    for field in TEXTS:
        if not isinstance(fields.get(field, ""), str):
            yield f"{field} is no text."
        elif field.endswith("url") and fields.get(field) and not _is_safe(fields[field]):
            yield f"{field} must begin with https://."


def _problems_of_numbers(fields: Mapping[str, Any]) -> Iterator[str]:
    for field in NUMBERS:
        value = fields.get(field, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            yield f"{field} is no number above 0."


def _problems_of_secrets(fields: Mapping[str, Any]) -> Iterator[str]:
    secrets = fields.get("secrets", [])
    is_list = isinstance(secrets, list) and all(isinstance(each, str) and each for each in secrets)
    if not is_list or len(secrets) > MOST_SECRETS:
        yield "secrets is a list of one or two texts: the one in use and, while it is replaced, the one before."


def _problems_of_zone(fields: Mapping[str, Any]) -> Iterator[str]:
    try:
        ZoneInfo(fields.get("zone", "UTC"))
    except (KeyError, OSError, ValueError, TypeError):
        yield f"zone {fields['zone']!r} is not known; write one as Asia/Shanghai."


def _is_safe(url: str) -> bool:
    """Encrypted, or to this machine, where a fake carrier of the tests listens."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE))


@lru_cache(maxsize=8)
def _accounts(text: str) -> dict[tuple[str, str], Account]:
    """Accounts by source and name; none from a broken setting, which the check at the start has reported."""
    if any(problems(text)):
        return {}
    sources: dict[str, dict[str, dict[str, Any]]] = json.loads(text) if text.strip() else {}
    return {
        (source, name): _account(source, name, fields)
        for source, accounts in sources.items()
        for name, fields in accounts.items()
    }


def _account(source: str, name: str, fields: Mapping[str, Any]) -> Account:
    given: dict[str, Any] = {field: fields[field] for field in (*TEXTS, *NUMBERS) if field in fields}
    given["url"] = given.get("url") or SOURCES[source].home
    zone = ZoneInfo(fields.get("zone", settings.TIME_ZONE))
    return Account(source, name, secrets=tuple(fields.get("secrets", [])), zone=zone, **given)
