"""What `manage.py check` says of this app."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from logistics.carriers import accounts


@register()
def carriers_are_readable(**_kwargs: Any) -> list[Error]:
    """Accounts at carriers that can not be used are an error before the first message, not after it."""
    return [Error(sentence, id="logistics.E001") for sentence in accounts.problems(settings.CARRIERS)]
