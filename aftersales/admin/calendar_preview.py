"""A change of calendars is rehearsed before it is saved: which running deadlines would be due at another moment."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from aftersales.queries.policies import calendar_effects, calendars
from aftersales.queries.policies.calendar_effects import Effects

CONFIRMED: Final = "_effects_seen"
SHOWN: Final = 100
T = TypeVar("T")


class CalendarPreview(ModelAdmin):
    """Pages that change how a shop counts: the effect on running deadlines is seen before it is saved."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what a valid change does, and save it when that was seen; what concerns no deadline is saved at once."""
        if request.method == "POST" and CONFIRMED not in request.POST:
            save = partial(super().changeform_view, request, object_id, form_url, extra_context)
            told: Any = vars(request)["_messages"]
            # What a rehearsal tells its reader nobody is to hear.
            vars(request)["_messages"] = default_storage(request)
            answer, effects = rehearsed(save)
            # The form once more: it was refused, with its errors. What is saved leads on, or closes its window.
            if "adminform" in (getattr(answer, "context_data", None) or {}):
                return answer
            vars(request)["_messages"] = told
            return self._preview(request, effects) if effects.moved or effects.changes_zone else save()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that asks says how many running deadlines would be due at another moment."""
        found = self.get_object(request, object_id)
        if request.method == "GET" and found is not None and self.has_delete_permission(request, found):
            _answer, effects = rehearsed(found.delete)
            if effects.moved:
                messages.warning(request, effects.sentence)
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None that deletes many: nobody would see what that does."""
        return {name: each for name, each in super().get_actions(request).items() if name != "delete_selected"}

    def _preview(self, request: HttpRequest, effects: Effects) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What this changes for running deadlines"),
            "effects": effects,
            "moved": effects.moved[:SHOWN],
            "posted": [(key, value) for key, values in request.POST.lists() for value in values],
            "confirmed": CONFIRMED,
        }
        return TemplateResponse(request, "policies/admin_calendar_preview.html", context)


def rehearsed(change: Callable[[], T]) -> tuple[T, Effects]:
    """What a change answers, and what it would do; nothing of it stays."""
    with transaction.atomic():
        before = calendars.of_all()
        answer = change()
        effects = calendar_effects.of(before, calendars.of_all(), timezone.now())
        transaction.set_rollback(True)
    return answer, effects
