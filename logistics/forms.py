"""Forms of the admin for logistics."""

import re
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from logistics.models import ReturnAddress
from orders.models import Merchant

LONGEST: Final = 100  # of a category on an order line
SEPARATORS: Final = re.compile(r"[\n,，、;；]")


class CategoriesField(forms.CharField):
    """Categories, one a line or separated by commas; cleaned to a list without duplicates."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"required": False, "widget": UnfoldAdminTextareaWidget(attrs={"rows": 3}), **kwargs})

    def prepare_value(self, value: object) -> object:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:  # type: ignore[override]  # a list, for an array of the model
        """Split lines into a list."""
        if isinstance(value, list):
            return value
        names = [" ".join(part.split()) for part in SEPARATORS.split(super().to_python(value) or "")]
        return list(dict.fromkeys(name for name in names if name))

    def validate(self, value: list[str]) -> None:
        """Refuse a category longer than those of order lines can be."""
        super().validate(value)
        if any(len(name) > LONGEST for name in value):
            raise ValidationError(_("A category has at most %(most)d signs."), params={"most": LONGEST})

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare as lists, so that other spacing is no change."""
        return self.to_python(initial) != self.to_python(data)


class ReturnAddressForm(forms.ModelForm):
    """An address of a merchant, and the categories of goods that go there."""

    categories = CategoriesField(
        label=_("categories"),
        help_text=_(
            "One a line, as on order lines. Left empty, the address takes every category when it is the default one."
        ),
    )

    class Meta:
        model = ReturnAddress
        fields = (
            "merchant", "label", "contact", "phone", "region", "address", "postcode", "categories", "is_default",
            "is_active",
        )  # fmt: skip

    def clean(self) -> dict[str, object]:
        """Say in a sentence what a constraint of the database would refuse."""
        data = super().clean() or {}
        if data.get("is_default") and not data.get("is_active"):
            self.add_error("is_active", _("The default address has to be active: make another one the default first."))
        if data.get("merchant") and data.get("is_default"):
            self._refuse_second_default(data["merchant"])
        if not (data.get("is_default") or data.get("categories")) and not self.errors:
            self.add_error(
                "categories", _("Name the categories it takes, or make it the default: else nothing goes here.")
            )
        return data

    def _refuse_second_default(self, merchant: Merchant) -> None:
        others = ReturnAddress.objects.filter(merchant=merchant, is_default=True).exclude(pk=self.instance.pk)
        if other := others.first():
            self.add_error("is_default", _("%(other)s is the default address already.") % {"other": other})
