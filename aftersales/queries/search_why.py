"""Why a search has found a row: in a few words, and with the passage around what was searched for."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.models import Case, Message
from aftersales.queries.search import Found
from aftersales.queries.search_ways import Why
from aftersales.rules import excerpt, search_words
from aftersales.rules.excerpt import Piece

WORDS: Final[Mapping[str, Promise | str]] = {
    Why.WHOLE: _("this very number"),
    Why.NUMBER: _("case number"),
    Why.ORDER: _("order number"),
    Why.WAYBILL: _("waybill"),
    Why.PHONE: _("phone"),
    Why.NAME: _("buyer or receiver"),
    Why.ALIKE: _("similar name"),
    Why.SKU: _("SKU"),
}
MESSAGE, NOTE, ASKED = _("message"), _("note"), _("what was asked for")


class Reason(NamedTuple):
    """Why a row is there: what fits, and an excerpt where it is a text."""

    label: str
    pieces: tuple[Piece, ...] = ()


def of(found: Found, text: str, case_ids: Sequence[int]) -> dict[int, Reason]:
    """The reason of each of some cases that were found; two queries at most, none without a hit in a text."""
    words = search_words.words_of(search_words.normalised(text))
    said = {pk: found.said[pk] for pk in case_ids if found.why.get(pk) == Why.TEXT}
    ids = [each.message_id for each in said.values() if each.message_id]
    messages = {row.pk: row for row in Message.objects.filter(pk__in=ids).only("body", "is_note")} if ids else {}
    asking = [pk for pk, each in said.items() if not each.message_id]
    cases = {row.pk: row for row in Case.objects.filter(pk__in=asking).only("subject", "description")} if asking else {}
    reasons = {pk: Reason(str(WORDS[found.why[pk]])) for pk in case_ids if pk not in said and pk in found.why}
    for pk, each in said.items():
        if message := messages.get(each.message_id or 0):
            label, whole = NOTE if message.is_note else MESSAGE, message.body
        elif case := cases.get(pk):
            label, whole = ASKED, f"{case.subject} · {case.description}" if case.description else case.subject
        else:
            continue
        reasons[pk] = Reason(str(label), excerpt.around(whole, words.runs, words.latin))
    return reasons
