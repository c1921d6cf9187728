"""The upload of order exports."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import offer_choices
from orders.importers import SOURCES
from orders.importers.reading.files import SUFFIXES
from orders.models import Merchant

MOST_BYTES = 100 * 1024 * 1024
MOST_FILES = 10


class FilesInput(forms.FileInput):
    """A file input for several tables."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"accept": ",".join(SUFFIXES)})


class TablesField(forms.FileField):
    """CSV and XLSX files, at most ten, 100 MB together."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check number, size and ending; what the files say is read later."""
        # A browser sends several files under one name; a test or script may send one.
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES or sum(file.size for file in files) > MOST_BYTES:
            raise ValidationError(_("At most ten files of 100 MB together."))
        empty = [file.name for file in files if not file.size]
        if empty:
            raise ValidationError(_("%(file)s is empty."), params={"file": ", ".join(empty)})
        wrong = [file.name for file in files if not file.name.lower().endswith(SUFFIXES)]
        if wrong:
            raise ValidationError(
                _("%(names)s: only CSV and XLSX files can be read."), params={"names": ", ".join(wrong)}
            )
        return files


class UploadForm(forms.Form):
    """Which source, whose shop, which files."""

    source = forms.ChoiceField(label=_("Source"))
    merchant = forms.ModelChoiceField(
        Merchant.objects.filter(is_active=True),
        label=_("Merchant"),
        required=False,
        help_text=_("Needed for exports of a single shop; Olist names its sellers itself."),
    )
    tables = TablesField(
        label=_("Files"),
        help_text=_("Taobao: the order list and the line list together. Olist: all files of the folder."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "source", [(name, source.title) for name, source in SOURCES.items()])

    def clean(self) -> dict[str, Any]:
        """A single shop's export needs its merchant."""
        data = super().clean() or {}
        source = SOURCES.get(data.get("source", ""))
        if source and source.needs_merchant and not data.get("merchant") and "merchant" not in self.errors:
            self.add_error("merchant", _("This export does not say whose shop it is from: name the merchant."))
        return data
