"""Photos that people attach: each checked by `rules.disputes.photo`, all or none accepted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from aftersales.forms.fields import plain
from aftersales.rules.disputes import photo
from aftersales.rules.disputes.photo import BadPhoto, Photo

MOST_AT_ONCE = 9


class PhotosInput(forms.FileInput):
    """A file input for several pictures."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/jpeg,image/png,image/webp", **(attrs or {})})


class MultiplePhotoField(forms.FileField):
    """Several photos; cleaned to a list of `Photo`, empty when none was chosen. One bad photo refuses all."""

    widget = PhotosInput

    def __init__(self, *, most: int = MOST_AT_ONCE, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("label", _("Photos"))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        """Decode and encode every file again; ValidationError lists what is wrong with each."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.most:
            raise ValidationError(
                ngettext_lazy("At most %(most)d photo at once.", "At most %(most)d photos at once.", "most"),
                params={"most": self.most},
            )
        return _cleaned(files)


def _cleaned(files: list[Any]) -> list[Photo]:
    photos, errors = [], []
    for file in files:
        try:
            photos.append(photo.clean(plain(file.name), file, file.size))
        except BadPhoto as bad:
            errors.append(ValidationError(bad.sentence))
    if errors:
        raise ValidationError(errors)
    return photos
