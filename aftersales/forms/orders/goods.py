"""Where goods are, as a person tells it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import MomentField, PlainTextField
from aftersales.forms.uploads import MultiplePhotoField
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import GoodsWord


class GoodsForm(forms.Form):
    """What is said, since when, and how it is known: a text or a photo."""

    said = forms.ChoiceField(label=_("What you know of the goods"), choices=GoodsWord, widget=forms.RadioSelect)
    happened_at = MomentField(label=_("When"), required=False, help_text=_("Needed for a dispatch or a delivery."))
    proof = PlainTextField(
        label=_("How you know it"),
        max_length=500,
        rows=2,
        required=False,
        help_text=_("The waybill, who said so and when; or add a photo of the receipt."),
    )
    photo = MultiplePhotoField(label=_("Photo"), most=1, required=False)

    @property
    def only_photo(self) -> Photo | None:
        """The photo, where one was added."""
        return next(iter(self.cleaned_data["photo"]), None)
