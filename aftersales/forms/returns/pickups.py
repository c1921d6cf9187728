"""A courier at the door: when, and to whom."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.cases.moves import MoveForm
from aftersales.forms.fields import MomentField, PlainTextField
from aftersales.rules.parties.masks import mask_address, mask_name, mask_phone
from logistics.pickups.pickup_requests import Contact


class WindowForm(MoveForm):
    """The time in which the courier may come."""

    window_from = MomentField(label=gettext_lazy("Courier comes from"))
    window_until = MomentField(label=gettext_lazy("Courier comes until"))

    def clean(self) -> dict[str, Any]:
        """The window begins before it ends, and has not ended yet."""
        data: dict[str, Any] = self.cleaned_data
        start: datetime | None = data.get("window_from")
        end: datetime | None = data.get("window_until")
        if start and end and not (start < end and end > self.at):
            raise ValidationError(_("The courier comes from a time until a later one that is not over."))
        return data

    def terms(self) -> dict[str, Any]:
        """The arguments of the action: the window besides the fields."""
        return {**super().terms(), "window": self.window()}

    def window(self) -> tuple[datetime, datetime]:
        """Start and end of the window."""
        return self.cleaned_data["window_from"], self.cleaned_data["window_until"]


class BookPickupForm(WindowForm):
    """The carrier, the time, and the contact at the door where it is not the receiver of the order."""

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
        """Require what the order does not know; what it knows is used when left empty, and shown masked."""
        order = self.case.order
        self._default("contact_name", order.receiver_name, mask_name(order.receiver_name))
        self._default("contact_phone", order.receiver_phone, mask_phone(order.receiver_phone))
        whole_address = f"{order.receiver_region}{order.receiver_address}"
        self._default("address", order.receiver_address, mask_address(whole_address))

    def _default(self, name: str, text: str, masked: str) -> None:
        self.fields[name].required = not text
        if text:
            self.fields[name].help_text = _("Left empty, as in the order: %(masked)s") % {"masked": masked}

    def terms(self) -> dict[str, Any]:
        """The arguments of the action: the contact besides the fields."""
        return {**super().terms(), "at_door": self.at_door()}

    def at_door(self) -> Contact:
        """The contact as typed; empty fields are taken from the order."""
        data = self.cleaned_data
        return Contact(data["contact_name"], data["contact_phone"], "", data["address"])
