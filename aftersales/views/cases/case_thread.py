"""The thread of a case as pages show it: one page of entries, and the composer."""

from typing import Any

from django.utils import timezone

from aftersales.forms.conversation.thread import ComposerForm
from aftersales.models import Case, Draft
from aftersales.moves import acts, rights
from aftersales.queries.cases import (
    case_links,
    possible_moves,
    timeline,
)
from aftersales.queries.cases.case_page import Facts
from aftersales.queries.cases.timeline import Entry
from aftersales.queries.conversation import drafts, outbox, thread_filters, unread
from aftersales.rules.actor import Actor
from aftersales.views import submissions
from aftersales.views.access import DeskRequest, actor


def context(
    request: DeskRequest, case: Case, composer: ComposerForm | None = None, facts: Facts | None = None
) -> dict[str, Any]:
    """The thread of a case with its composer; also what is swapped in alone after a message."""
    by, family = actor(request), case_links.family(case.pk)
    show = thread_filters.known(request.GET.get("show", ""), is_insider=timeline.is_insider(by.roles))
    return {
        "case": case,
        "family": family,
        "show": show,
        "shows": thread_filters.offered(is_insider=timeline.is_insider(by.roles)),
        "nothing": thread_filters.NOTHING[show],
        "photos_before": case_links.photos_before(case, family),
        **_entries(request, case, facts, family, show),
        **_composer(request, case, by, composer),
    }


def _entries(request: DeskRequest, case: Case, facts: Facts | None, family: list[int], show: str) -> dict[str, Any]:
    """One page of the thread; what the page of the case has read already is not asked for again."""
    is_newest = "before" not in request.GET
    entries, older = timeline.page(
        case,
        is_insider=timeline.is_insider(actor(request).roles),
        evidence=facts.evidence if facts else list(case.evidence.all()),
        rounds=facts.rounds if facts else list(case.rounds.select_related("reject_reason")),
        before=timeline.place(request.GET.get("before", "")),
        family=family,
        show=show,
    )
    seen = unread.seen(entries, timezone.now(), is_newest=is_newest)
    return {"entries": entries, "older": older, "is_first_page": is_newest, "seen": seen}


def _composer(request: DeskRequest, case: Case, by: Actor, composer: ComposerForm | None) -> dict[str, Any]:
    draft = drafts.draft(request.user.pk, case.pk)
    return {
        "composer": composer or ComposerForm(by=by, initial=_typed(draft)),
        "kept_draft": draft,
        "going_out": outbox.waiting(request.user.pk, timezone.now()),
        "once": submissions.new_key(),
        "may_claim": by.role_for(acts.CLAIM) is not None,
        "has_tools": by.role_for(rights.USE_TOOLS) is not None,
        **_photos(case, by),
    }


def _photos(case: Case, by: Actor) -> dict[str, Any]:
    """Whether photos can be added, and the sentence against it for somebody who otherwise may."""
    if by.role_for(acts.EVIDENCE) is None:
        return {}
    against = possible_moves.refusal(case, acts.EVIDENCE, by, timezone.now())
    return {"may_add_photos": not against, "photos_refused": against}


def _typed(draft: Draft | None) -> dict[str, str]:
    return {"text": draft.body, "kind": "note" if draft.is_note else "message"} if draft else {}


def newest(case: Case, thread: dict[str, Any], by: Actor) -> list[Entry]:
    """The newest of everything, also where the thread shows a part of it."""
    if thread["is_first_page"] and not thread["show"]:
        return thread["entries"]
    is_insider = timeline.is_insider(by.roles)
    return timeline.page(case, is_insider=is_insider, evidence=(), rounds=(), family=thread["family"])[0]
