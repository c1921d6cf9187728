"""What needs an admin: facts without which the product waits, errs or falls silent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.models import Policy, Team, User
from aftersales.queries.policies import calendars, policy_choice
from aftersales.rules.phrases import moment_text
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import Role
from orders.models import Merchant

SOON: Final = timedelta(days=30)
NAMED: Final = 5
SERVING: Final = (Role.AGENT, Role.SENIOR)
# Mail that these take reaches nobody.
SILENT: Final = ("console", "dummy", "locmem", "filebased")


@dataclass(frozen=True)
class Task:
    """What is missing and why that matters, and the list of the admin in which it is mended; none for a setting."""

    sentence: str
    model: str = ""
    pk: int | None = None


def tasks(at: datetime) -> list[Task]:
    """Everything that waits for an admin now, the rules first."""
    return [*_policies(at), *_calendar(at), *_people(), *_merchants(), *_mail()]


def _policies(at: datetime) -> Iterator[Task]:
    general = policy_choice.general(at)
    if general is None or policy_choice.specificity(general):
        yield Task(_("No policy for everything is in force: requests that no other one covers are refused."), "policy")
    ending = Policy.objects.filter(effective_until__gt=at, effective_until__lte=at + SOON).order_by("effective_until")
    for policy in ending:
        if not _is_followed(policy):
            words = {"policy": policy, "end": moment_text(policy.effective_until)} if policy.effective_until else {}
            yield Task(_("%(policy)s ends at %(end)s, and no version follows it.") % words, "policy", policy.pk)


def _is_followed(policy: Policy) -> bool:
    later = Policy.objects.filter(name=policy.name, effective_from__lte=policy.effective_until)
    return later.exclude(effective_until__lte=policy.effective_until).exclude(pk=policy.pk).exists()


def _calendar(at: datetime) -> Iterator[Task]:
    for sentence in calendars.warnings(shop_day.of(at)):
        yield Task(sentence, "calendarday")


def _people() -> Iterator[Task]:
    active = User.objects.filter(is_active=True).order_by("username")
    without_team = active.filter(groups__name__in=SERVING, teams__isnull=True).distinct()
    if names := [str(user) for user in without_team]:
        yield Task(_("Without a team, they see no case: %(people)s.") % {"people": _named(names)}, "user")
    without_role = active.filter(groups__isnull=True, is_superuser=False)
    if names := [str(user) for user in without_role]:
        yield Task(_("Without a role, they have no page: %(people)s.") % {"people": _named(names)}, "user")
    if len(alone := active.filter(groups__name=Role.FINANCE)[:2]) == 1:
        words = {"person": str(alone[0])}
        yield Task(_("Nobody of finance but %(person)s: what two of them have to agree to waits.") % words, "user")


def _merchants() -> Iterator[Task]:
    if Team.objects.filter(merchants__isnull=True).exists():
        return
    if names := [shop.name for shop in Merchant.objects.filter(teams__isnull=True).order_by("name")]:
        yield Task(_("No team serves them, so their cases wait: %(shops)s.") % {"shops": _named(names)}, "team")


def _mail() -> Iterator[Task]:
    if settings.EMAIL_BACKEND.split(".")[-2] in SILENT:
        yield Task(_("Mail is not set up (EMAIL_URL): notices to buyers and merchants reach nobody."))


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    shown = pgettext("between states", ", ").join(names[:NAMED])
    return _("%(names)s and %(more)d more") % {"names": shown, "more": more} if more > 0 else shown
