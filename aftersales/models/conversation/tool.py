"""What agents keep to use again: canned replies, and macros with their steps."""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import Team, User
from aftersales.models.policies.reason import RejectReason
from aftersales.rules.conversation.tools import MUST_SAY, Scope, StepKind, Whom
from aftersales.rules.vocabulary import CaseType, Status
from orders.models.order import MoneyField

BELONGS = (
    Q(scope=Scope.PERSONAL, owner__isnull=False, team__isnull=True)
    | Q(scope=Scope.TEAM, owner__isnull=True, team__isnull=False)
    | Q(scope=Scope.EVERYBODY, owner__isnull=True, team__isnull=True)
)
SHORTCUT_ONCE: Final = {
    Scope.PERSONAL: "shortcut_once_of_one",
    Scope.TEAM: "shortcut_once_of_a_team",
    Scope.EVERYBODY: "shortcut_once_of_all",
}
IN_USE = Q(archived_at__isnull=True)
_SHORT = IN_USE & ~Q(shortcut="")
_BOTH_EMPTY_EN, _BOTH_THERE_EN = Q(title_en="", body_en=""), ~Q(title_en="") & ~Q(body_en="")
_BOTH_EMPTY_ZH, _BOTH_THERE_ZH = Q(title_zh="", body_zh=""), ~Q(title_zh="") & ~Q(body_zh="")
_BY_PERCENT = Q(percent__gte=1, percent__lte=100, amount__isnull=True, currency="")
_BY_AMOUNT = Q(percent__isnull=True, amount__gt=0) & ~Q(currency="")


class Tool(models.Model):
    """What replies and macros have in common: whose they are, titles, the cases they are meant for, their use."""

    scope = models.CharField(_("for whom"), max_length=10, choices=Scope)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("of")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("team")
    )
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=100, blank=True)
    # Empty types or reasons mean every case.
    case_types = ArrayField(
        models.CharField(max_length=20, choices=CaseType), verbose_name=_("case types"), default=list, blank=True
    )
    reasons = ArrayField(models.CharField(max_length=60), verbose_name=_("reasons"), default=list, blank=True)
    used_count = models.PositiveIntegerField(_("used"), default=0)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_belongs_to_its_scope",
                condition=BELONGS,
                violation_error_message=_("Name the person, or the team, or neither: as it says for whom it is."),
            ),
            models.CheckConstraint(
                name="%(class)s_has_a_title",
                condition=~Q(title_en="", title_zh=""),
                violation_error_message=_("Give it a title in one language at least."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language, or the only one there is."""
        return in_language(get_language() or "", self.title_en, self.title_zh)


def in_language(language: str, english: str, chinese: str) -> str:
    """Of two texts the one in the language, or the only one there is."""
    return (chinese or english) if language.startswith("zh") else (english or chinese)


class Reply(Tool):
    """A message that is written again and again, in one language or both."""

    shortcut = models.CharField(_("shortcut"), max_length=30, blank=True)
    body_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    body_zh = models.TextField(_("text in Chinese"), max_length=5000, blank=True)
    categories = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("categories"),
        default=list,
        blank=True,
        help_text=_("Words of categories that it is best for, with commas."),
    )

    class Meta(Tool.Meta):
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        constraints = [
            *Tool.Meta.constraints,
            models.CheckConstraint(
                name="reply_title_and_text_go_together",
                condition=(_BOTH_EMPTY_EN | _BOTH_THERE_EN) & (_BOTH_EMPTY_ZH | _BOTH_THERE_ZH),
                violation_error_message=_("A language has a title and a text, or neither."),
            ),
            models.UniqueConstraint(
                fields=["owner", "shortcut"],
                name=SHORTCUT_ONCE[Scope.PERSONAL],
                condition=_SHORT & Q(scope=Scope.PERSONAL),
            ),
            models.UniqueConstraint(
                fields=["team", "shortcut"], name=SHORTCUT_ONCE[Scope.TEAM], condition=_SHORT & Q(scope=Scope.TEAM)
            ),
            models.UniqueConstraint(
                fields=["shortcut"], name=SHORTCUT_ONCE[Scope.EVERYBODY], condition=_SHORT & Q(scope=Scope.EVERYBODY)
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="reply_newest", condition=IN_USE)]

    def body(self, language: str) -> str:
        """The text in a language, or the only one there is."""
        return in_language(language, self.body_en, self.body_zh)

    @property
    def languages(self) -> list[str]:
        """The languages it is written in."""
        return [code for code, text in (("en", self.body_en), ("zh", self.body_zh)) if text]


class Macro(Tool):
    """Steps that are done together, or not at all; offered for cases of some types, states and reasons."""

    statuses = ArrayField(
        models.CharField(max_length=20, choices=Status), verbose_name=_("states"), default=list, blank=True
    )
    # Raised with each change: who looks at a rehearsal must not run other steps than it showed.
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta(Tool.Meta):
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        indexes = [models.Index(fields=["-id"], name="macro_newest", condition=IN_USE)]


class MacroStep(models.Model):
    """One step of a macro; `rules.conversation.tools.FIELDS` says which fields each kind has."""

    macro = models.ForeignKey(Macro, models.CASCADE, related_name="steps", verbose_name=_("macro"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("what"), max_length=20, choices=StepKind)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    text_zh = models.TextField(_("text in Chinese"), max_length=5000, blank=True)
    percent = models.PositiveSmallIntegerField(_("percent of what is asked"), null=True, blank=True)
    amount = MoneyField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    terms = models.CharField(_("terms"), max_length=20, choices=CaseType, blank=True)
    reject_reason = models.ForeignKey(
        RejectReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reason to reject")
    )
    whom = models.CharField(_("to"), max_length=10, choices=Whom, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    ticks = ArrayField(
        models.CharField(max_length=500), verbose_name=_("steps of the procedure"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("step of a macro")
        verbose_name_plural = _("steps of a macro")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["macro", "position"], name="macro_step_in_its_place"),
            models.CheckConstraint(name="macro_step_kind_known", condition=Q(kind__in=StepKind.values)),
            models.CheckConstraint(
                name="macro_offer_has_one_sum",
                condition=(Q(kind=StepKind.OFFER) & (_BY_PERCENT | _BY_AMOUNT))
                | (~Q(kind=StepKind.OFFER) & Q(percent__isnull=True, amount__isnull=True, currency="", terms="")),
                violation_error_message=_("An offer has a percentage, or a sum with its currency; others have none."),
            ),
            models.CheckConstraint(
                name="macro_rejects_for_a_reason",
                condition=Q(kind=StepKind.REJECT, reject_reason__isnull=False)
                | (~Q(kind=StepKind.REJECT) & Q(reject_reason__isnull=True)),
                violation_error_message=_("A rejection has a reason; other steps have none."),
            ),
            models.CheckConstraint(
                name="macro_assigns_to_somebody",
                condition=Q(kind=StepKind.ASSIGN, whom__in=[Whom.ME, Whom.NOBODY], team__isnull=True)
                | Q(kind=StepKind.ASSIGN, whom=Whom.TEAM, team__isnull=False)
                | (~Q(kind=StepKind.ASSIGN) & Q(whom="", team__isnull=True)),
                violation_error_message=_("Only a step that assigns says to whom; a team is named where it is one."),
            ),
            models.CheckConstraint(
                name="macro_says_something",
                condition=~Q(kind__in=sorted(MUST_SAY)) | ~Q(text_en="", text_zh=""),
                violation_error_message=_("Write the text in one language at least."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def text(self, language: str) -> str:
        """The text in a language, or the only one there is."""
        return in_language(language, self.text_en, self.text_zh)
