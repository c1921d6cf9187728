"""Names of people, each stored once, so that a misspelt one is looked for among few."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _


class PersonName(models.Model):
    """A name that a buyer or a receiver has, maintained by triggers: gone with the last who has it.

    The index holds each word, whole and with one character left out: words that differ in one character share one key.
    Not unique: imports that bring the same new name must not wait for each other, and a name stored twice does no harm.
    """

    text = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")
        indexes = [
            models.Index(fields=["text"], name="person_name_text"),
            GinIndex(Func(F("text"), function="desk_name_keys"), name="person_name_keys"),
        ]

    def __str__(self) -> str:
        return self.text
