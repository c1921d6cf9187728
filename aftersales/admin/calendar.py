"""Days that differ from the official calendar."""

from datetime import date

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from aftersales.models import CalendarDay
from aftersales.rules.policies import calendar, shop_day


@admin.register(CalendarDay)
class CalendarDayAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Holidays and make-up days that the official calendar does not know, or that the platform keeps otherwise."""

    list_display = ("day", "is_working", "note")
    list_filter = ("is_working",)
    date_hierarchy = "day"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, str] | None = None) -> HttpResponse:
        """Warn while a year that deadlines will reach soon is not announced."""
        for year in unannounced(shop_day.of(timezone.now())):
            messages.warning(
                request,
                _("The official calendar of %(year)d is not known yet: Monday to Friday count as working days.")
                % {"year": year},
            )
        return super().changelist_view(request, extra_context)


def unannounced(today: date) -> list[int]:
    """Years that deadlines reach within two months and that the official calendar does not know."""
    # Holidays of a year are announced in the autumn before; until then deadlines count Monday to Friday.
    years = {today.year, today.year + (1 if today.month > 10 else 0)}
    return sorted(year for year in years if not calendar.is_announced(year))
