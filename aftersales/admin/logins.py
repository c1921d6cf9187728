"""Who has logged in and who has failed to: read only, as the database itself keeps it."""

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin

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
