"""Failed logins: counted for each name at an address by axes, and over all names of an address here."""

from datetime import timedelta
from typing import Any, Final

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

KNOWN_FOR: Final = timedelta(days=30)


class LoginLimits(AxesDatabaseHandler):
    """Somebody who tries many names from one address is refused; who has logged in from there before is not.

    An office shares its address: what its people mistype is forgotten with each one's login.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this name at this address, or this address for any new name, has failed too often."""
        return bool(super().is_locked(request, credentials)) or self._is_address_locked(request, credentials)

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        """The log keeps all that it holds."""
        return 0

    def _is_address_locked(self, request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
        address, name = getattr(request, "axes_ip_address", ""), get_client_username(request, credentials)
        recent = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=get_cool_off_threshold(request))
        if recent.values("username").distinct().count() < settings.LOGIN_NAMES_PER_ADDRESS:
            return False
        since = timezone.now() - KNOWN_FOR
        known = AccessLog.objects.filter(ip_address=address, username=name, attempt_time__gte=since)
        return not known.exists()
