"""Cases, refunds, events and deadlines: read only."""

from django.contrib import admin
from unfold.admin import TabularInline

from aftersales.models import Case, Deadline, Event, Notice, Outage, Refund
from orders.readonly import ReadOnlyAdmin


class EventInline(TabularInline):
    """The log of a case."""

    model = Event
    extra = 0
    can_delete = False
    fields = ("happened_at", "action", "role", "user", "from_status", "to_status", "why")
    readonly_fields = fields


class RefundInline(TabularInline):
    """Refunds of a case."""

    model = Refund
    extra = 0
    can_delete = False
    fields = ("number", "status", "amount", "currency", "payer", "tries")
    readonly_fields = fields


class DeadlineInline(TabularInline):
    """Deadlines of a case."""

    model = Deadline
    extra = 0
    can_delete = False
    fields = ("kind", "status", "due_at", "ended_at", "policy")
    readonly_fields = fields


# All read only: a row changed here would go around the gate and leave no event.
@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Cases as they stand; they move in the console only."""

    list_display = ("number", "type", "status", "merchant", "policy", "opened_at", "closed_at")
    list_filter = ("status", "type")
    list_select_related = ("merchant", "policy")
    search_fields = ("number",)
    inlines = (RefundInline, DeadlineInline, EventInline)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Refunds, each one movement of money."""

    list_display = ("number", "case", "status", "amount", "currency", "payer", "created_at", "ended_at")
    list_filter = ("status", "payer", "gateway")
    list_select_related = ("case",)
    search_fields = ("number", "case__number")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The log of all cases."""

    list_display = ("happened_at", "case", "action", "role", "user", "from_status", "to_status")
    list_filter = ("action", "role")
    list_select_related = ("case", "user")
    search_fields = ("case__number",)


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    """Deadlines of all cases."""

    list_display = ("case", "kind", "status", "due_at", "ended_at", "policy")
    list_filter = ("kind", "status")
    list_select_related = ("case", "policy")
    search_fields = ("case__number",)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Messages to the parties and to our own people: delivered, waiting or put aside."""

    list_display = ("case", "recipient", "user", "action", "status", "due_at", "delivered_at")
    list_filter = ("status", "recipient")
    list_select_related = ("case", "user")


@admin.register(Outage)
class OutageAdmin(ReadOnlyAdmin):
    """Times in which nobody could reach us; declared in the console."""

    list_display = ("started_at", "ended_at", "reason", "declared_by", "moved_count")
    list_select_related = ("declared_by",)
