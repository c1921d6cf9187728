"""Where goods are, as a person tells it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import MomentField, PlainTextField
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.rules.console import zones
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import GoodsWord


class GoodsForm(forms.Form):
    """What is said, since when, and how it is known: a text or a photo."""

    said = forms.ChoiceField(
        label=gettext_lazy("What you know about the goods"), choices=GoodsWord, widget=forms.RadioSelect
    )
    happened_at = MomentField(label=gettext_lazy("When"), required=False)
    proof = PlainTextField(
        label=gettext_lazy("How you know it"),
        max_length=500,
        rows=2,
        required=False,
        help_text=gettext_lazy("The waybill, who said so and when; or add a photo of the receipt."),
    )
    photo = MultiplePhotoField(label=gettext_lazy("Photo"), most=1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"place": zones.place(timezone.get_current_timezone_name())}
        self.fields["happened_at"].help_text = _("Needed for a dispatch or a delivery; %(place)s time.") % words

    @property
    def only_photo(self) -> Photo | None:
        """The photo, where one was added."""
        return next(iter(self.cleaned_data["photo"]), None)
