"""A courier at the door: when, and who is at home."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import PlainTextField
from aftersales.forms.oversight.outages import MomentField
from aftersales.rules.parties.masks import mask_address, mask_name, mask_phone
from logistics.pickups.pickup_requests import Place


class WindowForm(MoveForm):
    """From when until when the courier may come."""

    window_from = MomentField(label=gettext_lazy("Courier comes from"))
    window_until = MomentField(label=gettext_lazy("Courier comes until"))

    def clean(self) -> dict[str, Any]:
        """It begins before it ends, and is not over."""
        data: dict[str, Any] = self.cleaned_data
        start: datetime | None = data.get("window_from")
        end: datetime | None = data.get("window_until")
        if start and end and not (start < end and end > self.at):
            raise ValidationError(_("The courier comes from a time until a later one that is not over."))
        return data

    def terms(self) -> dict[str, Any]:
        """The fields, and the window that they make."""
        return {**super().terms(), "window": self.window()}

    def window(self) -> tuple[datetime, datetime]:
        """The two moments."""
        return self.cleaned_data["window_from"], self.cleaned_data["window_until"]


class BookPickupForm(WindowForm):
    """The carrier, the time, and the door where it is not the order's."""

    carrier = PlainTextField(
        label=gettext_lazy("Carrier"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Without an account for this carrier nothing is sent: phone the courier yourself."),
    )
    contact_name = PlainTextField(label=gettext_lazy("Who is at the door"), max_length=200, required=False)
    contact_phone = PlainTextField(label=gettext_lazy("Phone at the door"), max_length=40, required=False)
    address = PlainTextField(label=gettext_lazy("Address of the door"), max_length=500, required=False)
    field_order = ("carrier", "window_from", "window_until", "contact_name", "contact_phone", "address")

    def shape(self) -> None:
        """What the order says is used, and shown masked only."""
        order = self.case.order
        known = {
            "contact_name": (order.receiver_name, mask_name(order.receiver_name)),
            "contact_phone": (order.receiver_phone, mask_phone(order.receiver_phone)),
            "address": (order.receiver_address, mask_address(f"{order.receiver_region}{order.receiver_address}")),
        }
        for name, (text, masked) in known.items():
            self.fields[name].required = not text
            if text:
                self.fields[name].help_text = _("Left empty, as in the order: %(masked)s") % {"masked": masked}

    def terms(self) -> dict[str, Any]:
        """The fields, and the place at the door."""
        return {**super().terms(), "at_door": self.at_door()}

    def at_door(self) -> Place:
        """Who is at the door; empty where the order says it."""
        data = self.cleaned_data
        return Place(data["contact_name"], data["contact_phone"], "", data["address"])
