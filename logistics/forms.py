"""Forms of the admin for logistics."""

import re
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from logistics.models import ReturnAddress

LONGEST: Final = 100  # of a category on an order line
SEPARATORS: Final = re.compile(r"[\n,，、;；]")


class CategoriesField(forms.CharField):
    """Categories, one a line or with commas between; cleaned to a list without doubles."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"required": False, "widget": UnfoldAdminTextareaWidget(attrs={"rows": 3}), **kwargs})

    def prepare_value(self, value: object) -> object:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:  # type: ignore[override]  # a list, for an array of the model
        """Lines as a list."""
        if isinstance(value, list):
            return value
        names = [" ".join(part.split()) for part in SEPARATORS.split(super().to_python(value) or "")]
        return list(dict.fromkeys(name for name in names if name))

    def validate(self, value: list[str]) -> None:
        """None longer than a category can be."""
        super().validate(value)
        if any(len(name) > LONGEST for name in value):
            raise ValidationError(_("A category has at most %(most)d signs."), params={"most": LONGEST})

    def has_changed(self, initial: object, data: object) -> bool:
        """Compared as lists."""
        return self.to_python(initial) != self.to_python(data)


class ReturnAddressForm(forms.ModelForm):
    """Where returns go, and of which categories."""

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
        """A kind sentence before the database says no."""
        data = super().clean() or {}
        if data.get("is_default") and not data.get("is_active"):
            self.add_error("is_active", _("The default address has to be active: make another one the default first."))
        if data.get("merchant") and data.get("is_default"):
            others = ReturnAddress.objects.filter(merchant=data["merchant"], is_default=True).exclude(
                pk=self.instance.pk
            )
            if other := others.first():
                self.add_error("is_default", _("%(other)s is the default address already.") % {"other": other})
        if not (data.get("is_default") or data.get("categories")) and not self.errors:
            self.add_error(
                "categories", _("Name the categories it takes, or make it the default: else nothing goes here.")
            )
        return data
