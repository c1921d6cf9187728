"""Where a version of a policy stands, in a sentence: since when, until when, for what, for how many cases."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.models import Case, Policy
from aftersales.queries.policies import policy_fields
from aftersales.rules.phrases import moment_text


def sentence(policy: Policy, at: datetime) -> str:
    """Where it stands at a moment."""
    words = {"since": moment_text(policy.effective_from), "scope": scope(policy), "cases": _cases(policy)}
    if policy.effective_from > at:
        return _("Not in force yet: from %(since)s for %(scope)s.") % words
    if policy.effective_until is None:
        return _("In force since %(since)s for %(scope)s, without an end; %(cases)s.") % words
    words["until"] = moment_text(policy.effective_until)
    if policy.effective_until <= at:
        return _("No longer in force: from %(since)s until %(until)s for %(scope)s; %(cases)s.") % words
    return _("In force since %(since)s for %(scope)s, until %(until)s; %(cases)s.") % words


def scope(policy: Policy) -> str:
    """The parts of its scope in words, or that it applies to everything."""
    named = [name for name in policy_fields.SCOPE if getattr(policy, name) not in (None, "")]
    return " · ".join(str(policy_fields.value(policy, name)) for name in named) or _("everything")


def _cases(policy: Policy) -> str:
    # Of a policy for a category or a reason only items are opened under it.
    count = (
        Case.objects.filter(lines__policy=policy).distinct().count() if policy.is_for_items else policy.cases.count()
    )
    return ngettext("%(count)d case was opened under it", "%(count)d cases were opened under it", count) % {
        "count": count
    }
