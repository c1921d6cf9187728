"""What `manage.py check` says of this app."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from logistics.carriers import accounts


@register()
def carriers_are_readable(**_kwargs: Any) -> list[Error]:
    """A broken account at a carrier is an error at the start, not with the first message."""
    return [Error(sentence, id="logistics.E001") for sentence in accounts.problems(settings.CARRIERS)]
