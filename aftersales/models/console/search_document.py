"""What search looks into: texts of cases and of what is said in them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.conversation.message import Message
from orders.models import Merchant


class SearchDocument(models.Model):
    """A text as search compares it: a message, or subject and description of a case; kept by triggers.

    The index holds its pairs of Chinese characters, the stems of its words, its merchant, and its ranges of ids.
    """

    # Without constraints in the database: triggers write these rows, from cases that exist.
    case = models.ForeignKey(
        Case, models.CASCADE, related_name="documents", verbose_name=_("case"), db_constraint=False
    )
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, related_name="+", verbose_name=_("merchant"), db_constraint=False, db_index=False
    )
    message = models.OneToOneField(
        Message, models.CASCADE, null=True, blank=True, related_name="document", verbose_name=_("message")
    )
    is_note = models.BooleanField(_("internal note"), default=False)
    text = models.TextField(_("text as it is compared"))

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(message__isnull=True), name="document_of_case_itself"),
        ]
        indexes = [
            # Over an expression: stored in the rows the vector would be five times the text. Without fastupdate no
            # unlucky insert empties everybody's pending list.
            GinIndex(
                Func(F("text"), F("merchant"), F("id"), function="desk_terms"), name="document_terms", fastupdate=False
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
