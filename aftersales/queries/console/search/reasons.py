"""Why a search has found a case: in a few words, with an excerpt where it was found by full text."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.queries.console.search.search import Found
from aftersales.queries.console.search.ways import Why
from aftersales.rules.console import excerpt, search_words
from aftersales.rules.console.excerpt import Piece
from orders.db import statements

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
TEXTS: Final = """
SELECT p.case_id, p.message_id IS NOT NULL, p.is_note,
    coalesce(m.body, CASE c.description WHEN '' THEN c.subject ELSE c.subject || ' · ' || c.description END)
FROM aftersales_searchdocument p
JOIN aftersales_case c ON c.id = p.case_id
LEFT JOIN aftersales_message m ON m.id = p.message_id
WHERE p.id = ANY (%s::bigint[])
"""
MESSAGE, NOTE, ASKED = _("message"), _("note"), _("what was asked for")


class Reason(NamedTuple):
    """What fits in a case that was found, and an excerpt where it is a text."""

    label: str
    pieces: tuple[Piece, ...] = ()


def of(found: Found, text: str, case_ids: Sequence[int]) -> dict[int, Reason]:
    """The reason for each of these cases, by id; one query, none where nothing was found by full text."""
    words = search_words.words_of(search_words.normalised(text))
    reasons = {pk: Reason(str(WORDS[found.why[pk]])) for pk in case_ids if found.why.get(pk, Why.TEXT) != Why.TEXT}
    documents = [found.said[pk].document_id for pk in case_ids if found.why.get(pk) == Why.TEXT]
    for pk, is_message, is_note, whole in statements.rows(TEXTS, [documents]) if documents else ():
        label = NOTE if is_note else MESSAGE if is_message else ASKED
        reasons[pk] = Reason(str(label), excerpt.around(whole, words.runs, words.latin))
    return reasons
