"""Who has logged in and who has failed to: read only. Second factors are each person's own: they are not here."""

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401 - both register what is taken away below
from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from orders.readonly import ReadOnlyAdmin


@admin.register(AccessLog)
class LoginAdmin(ReadOnlyAdmin):
    """Logins, and when they ended."""

    list_display = ("attempt_time", "username", "ip_address", "logout_time", "user_agent")
    search_fields = ("username", "ip_address")
    exclude = ("session_hash",)


@admin.register(AccessFailureLog)
class FailedLoginAdmin(ReadOnlyAdmin):
    """Logins that were refused."""

    list_display = ("attempt_time", "username", "ip_address", "locked_out", "user_agent")
    list_filter = ("locked_out",)
    search_fields = ("username", "ip_address")


# Their packages put them here by themselves. Whoever could add a device for somebody could be that person.
for device in (TOTPDevice, StaticDevice):
    admin.site.unregister(device)
