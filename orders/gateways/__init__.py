"""Payment gateways by name; which name is which class is a setting (GATEWAYS)."""

from typing import Final, cast

from django.conf import settings
from django.utils.module_loading import import_string

from orders.gateways.base import Gateway

_BUILT_IN: Final = {"sandbox": "orders.gateways.sandbox.Sandbox"}


class UnknownGateway(LookupError):
    """A payment names a gateway that is not configured."""


def get(name: str) -> Gateway:
    """Return the gateway that payments know by this name; UnknownGateway when none is configured under it."""
    try:
        path = _configured()[name]
    except KeyError:
        raise UnknownGateway(name) from None
    return cast(Gateway, import_string(path)())


def names() -> list[str]:
    """The names of the configured gateways, sorted."""
    return sorted(_configured())


def _configured() -> dict[str, str]:
    return {**_BUILT_IN, **getattr(settings, "GATEWAYS", {})}
