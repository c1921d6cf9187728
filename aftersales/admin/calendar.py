"""Calendars of shops: zone, hours, public holidays, and the days that differ from them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from aftersales.admin.calendar_preview import CalendarPreview
from aftersales.forms.console.preferences import offered_zones
from aftersales.models import CalendarDay
from aftersales.queries.policies import calendars
from aftersales.rules.phrases import span_text
from aftersales.rules.policies import known_days, shop_day
from orders import working_hours
from orders.admin import MerchantAdmin
from orders.models import BusinessCalendar, Merchant
from orders.models.business_calendar import DEFAULT, readable_hours


class CalendarForm(forms.ModelForm):
    """A calendar; its zone is chosen by place, its hours are typed as people write them."""

    time_zone = forms.ChoiceField(label=_("time zone"), widget=UnfoldAdminSelectWidget)
    hours = forms.CharField(
        label=_("working hours"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("As 09:00-12:00, 13:00-18:00; 24:00 is midnight. Clocks of service hours count only these."),
    )

    class Meta:
        model = BusinessCalendar
        fields = ("name", "code", "time_zone", "country", "hours")
        help_texts = {
            "code": _("Begins the name of each version, which deadlines keep: cn-17."),
            "country": _("Its public holidays, bridge and make-up days are kept without being entered."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("time_zone", "hours"):
            self.fields[name].label = capfirst(str(self.fields[name].label))
        zone: Any = self.fields["time_zone"]
        zone.choices = list(offered_zones(timezone.now()))
        if self.instance.pk:
            self.initial["hours"] = working_hours.said(self.instance.hours)

    def clean_hours(self) -> str:
        """The hours as they are stored; ValidationError when one interval does not end before the next begins."""
        stored = working_hours.normalised(self.cleaned_data["hours"])
        readable_hours(stored)
        return stored


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(CalendarPreview, SimpleHistoryAdmin):
    """Calendars; the days that are known are listed, only what differs from them is entered."""

    form = CalendarForm
    list_display = ("name", "time_zone", "country", "said_hours", "shop_count")
    fields = ("name", "code", "time_zone", "country", "hours")
    shown = ("current", "shops", "known", "entered")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BusinessCalendar]:
        """With the number of shops that keep each."""
        return super().get_queryset(request).annotate(shops_that_keep_it=Count("merchants"))

    def get_fields(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> tuple[str, ...]:
        """Of a stored calendar also who keeps it and which days it has."""
        return (*self.fields, *self.shown) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> tuple[str, ...]:
        """The code too, once deadlines may name it."""
        return (*self.shown, "code") if obj else self.shown

    def has_delete_permission(self, request: HttpRequest, obj: BusinessCalendar | None = None) -> bool:
        """Only a calendar that no shop keeps, and never the one that new shops get."""
        is_free = obj is not None and obj.code != DEFAULT and not obj.merchants.exists()
        return is_free and super().has_delete_permission(request, obj)

    @admin.display(description=_("working hours"))
    def said_hours(self, calendar: BusinessCalendar) -> str:
        """As people write them."""
        return working_hours.said(calendar.hours)

    @admin.display(description=_("merchants"), ordering="shops_that_keep_it")
    def shop_count(self, calendar: Any) -> int:
        """How many shops keep it."""
        return int(calendar.shops_that_keep_it)

    @admin.display(description=_("version"))
    def current(self, calendar: BusinessCalendar) -> str:
        """The version that deadlines are given now."""
        return calendar.version

    @admin.display(description=_("merchants"))
    def shops(self, calendar: BusinessCalendar) -> str:
        """Whose cases are counted by it."""
        address = reverse("admin:orders_merchant_changelist")
        rows = ((address, shop.pk, shop.name) for shop in calendar.merchants.order_by("name")[:50])
        return format_html_join(", ", '<a href="{}{}/change/">{}</a>', rows) or "–"

    @admin.display(description=_("known days of this year and the next"))
    def known(self, calendar: BusinessCalendar) -> str:
        """The public holidays of its country, which nobody has to enter."""
        this = shop_day.of(timezone.now()).year
        years = known_days.of(calendar.country, (this, this + 1))
        if not years:
            return gettext("None: the calendar names no country. Monday to Friday work, unless a day is entered.")
        return format_html_join(
            "", "<div><b>{}</b> {}</div>{}", ((y.number, _announced(y), _holidays(y)) for y in years)
        )

    @admin.display(description=_("days that differ"))
    def entered(self, calendar: BusinessCalendar) -> str:
        """What admins entered, with the way to enter more."""
        days = calendar.days.filter(day__year__gte=shop_day.of(timezone.now()).year)
        rows = (
            (_address(each), span_text(each.day, each.day), each.get_is_working_display(), each.note) for each in days
        )
        return format_html(
            '{}<div><a href="{}?calendar={}">{}</a></div>',
            format_html_join("", '<div><a href="{}">{}</a> {} {}</div>', rows),
            reverse("admin:aftersales_calendarday_add"),
            calendar.pk,
            gettext("Add a day"),
        )


def _address(day: CalendarDay) -> str:
    return reverse("admin:aftersales_calendarday_change", args=[day.pk])


def _announced(year: known_days.Year) -> str:
    return "" if year.is_announced else gettext("not announced yet: the days of the law")


def _holidays(year: known_days.Year) -> str:
    return format_html_join("", "<div>{}: {}</div>", ((each.name, _said(each)) for each in year.holidays))


def _said(holiday: known_days.Holiday) -> str:
    off = ", ".join(span_text(*span) for span in holiday.off_spans)
    if not holiday.worked:
        return off
    worked = ", ".join(span_text(day, day) for day in holiday.worked)
    return gettext("%(off)s; worked: %(worked)s") % {"off": off, "worked": worked}


@admin.register(CalendarDay)
class CalendarDayAdmin(CalendarPreview, SimpleHistoryAdmin):
    """Days off and make-up days that the country of a calendar does not know, or that its shops keep otherwise."""

    list_display = ("day", "calendar", "is_working", "note")
    list_filter = ("calendar", "is_working")
    list_select_related = ("calendar",)
    date_hierarchy = "day"
    fieldsets = (
        (
            None,
            {
                "fields": ("calendar", "day", "is_working", "note"),
                "description": _("Public holidays of the calendar's country are known: its page lists them."),
            },
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, str] | None = None) -> HttpResponse:
        """Warn while a year that deadlines will reach soon is not announced."""
        for sentence in calendars.warnings(shop_day.of(timezone.now())):
            messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)


# The facts register shops without this: they know nothing of deadlines.
admin.site.unregister(Merchant)


@admin.register(Merchant)
class ShopAdmin(CalendarPreview, MerchantAdmin):
    """Shops; another calendar is seen with its effect before it is kept."""
