"""Reasons of buyers and merchants, with their history."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from aftersales.admin.forms import ReasonForm
from aftersales.models import Reason, RejectReason


@admin.register(Reason)
class ReasonAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Why buyers ask; a reason that was used is switched off, never deleted."""

    form = ReasonForm
    list_display = ("name", "problem_class", "fault", "freight_payer", "needs_photo", "is_no_reason", "is_active")
    list_filter = ("problem_class", "fault", "is_active")
    search_fields = ("name_en", "name_zh", "code")


@admin.register(RejectReason)
class RejectReasonAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Reasons that a merchant chooses from when a request is refused."""

    list_display = ("name", "stage", "needs_text", "needs_proof", "is_active")
    list_filter = ("stage", "is_active")
    search_fields = ("name_en", "name_zh", "code")
