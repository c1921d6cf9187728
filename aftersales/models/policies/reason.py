"""Why buyers ask and why merchants refuse; edited by admins."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.rules.vocabulary import CaseType, Fault, GoodsState


class Bilingual(models.Model):
    """A name in both languages of the console."""

    name_en = models.CharField(_("name in English"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ProblemClass(models.IntegerChoices):
    """Classes of problems: each has its procedure, and how much may be compensated."""

    SUBJECTIVE = 1, _("Subjective")
    SLIGHT_QUALITY = 2, _("Slight quality fault")
    AUTHENTICITY = 3, _("Authenticity")
    OBVIOUS_QUALITY = 4, _("Obvious quality fault")
    MERCHANT_MISTAKE = 5, _("Merchant's mistake")
    LOGISTICS = 6, _("Logistics")
    AGREED = 7, _("Agreed")


class FreightPayer(models.TextChoices):
    """Who pays for sending goods back."""

    BUYER = "buyer", _("Buyer pays")
    MERCHANT = "merchant", _("Merchant pays")


class Reason(Bilingual):
    """Why a buyer asks: decides fault, freight, evidence and the agent's procedure."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    problem_class = models.PositiveSmallIntegerField(_("class"), choices=ProblemClass)
    case_types = ArrayField(models.CharField(max_length=20, choices=CaseType), verbose_name=_("case types"))
    goods_states = ArrayField(models.CharField(max_length=12, choices=GoodsState), verbose_name=_("when the goods are"))
    categories = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("categories"),
        default=list,
        blank=True,
        help_text=_("Words of categories that it is only for, with commas; none: every category."),
    )
    fault = models.CharField(_("fault"), max_length=12, choices=Fault)
    freight_payer = models.CharField(_("return freight"), max_length=10, choices=FreightPayer)
    compensation_percent = models.PositiveSmallIntegerField(
        _("compensation at most (% of paid)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    needs_photo = models.BooleanField(_("photo needed"), default=False)
    is_no_reason = models.BooleanField(_("return without reason"), default=False)
    sop_en = models.TextField(_("procedure in English"), blank=True, help_text=_("One step a line."))
    sop_zh = models.TextField(_("procedure in Chinese"), blank=True, help_text=_("One step a line."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["problem_class", "position", "id"]

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Steps of the procedure: the English words, by which a step is known, and those in the reader's language."""
        english, chinese = _lines(self.sop_en), _lines(self.sop_zh)
        shown = chinese if (get_language() or "").startswith("zh") else english
        # A step is ticked by its English words, the same for every reader. Lists of unequal length are a translation
        # that is not finished: which step is which is then unknown, and each goes by the words that are shown.
        keys = english if len(english) == len(shown) else shown
        return list(zip(keys, shown, strict=True))


class RejectReason(Bilingual):
    """Why a request is refused; a code from this list is mandatory."""

    class Stage(models.TextChoices):
        APPLICATION = "application", _("Application")
        INSPECTION = "inspection", _("Inspection")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.APPLICATION)
    needs_text = models.BooleanField(_("text needed"), default=False)
    needs_proof = models.BooleanField(_("proof needed"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reason to reject")
        verbose_name_plural = _("reasons to reject")
        ordering = ["stage", "position", "id"]
