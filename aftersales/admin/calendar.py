"""Days that differ from the official calendar."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from aftersales.models import CalendarDay
from aftersales.rules.policies import open_days, shop_day


@admin.register(CalendarDay)
class CalendarDayAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Holidays and make-up days that the official calendar does not know, or that the platform keeps otherwise."""

    list_display = ("day", "is_working", "note")
    list_filter = ("is_working",)
    date_hierarchy = "day"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, str] | None = None) -> HttpResponse:
        """Warn while a year that deadlines will reach soon is not announced."""
        for sentence in open_days.warnings(shop_day.of(timezone.now())):
            messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)
