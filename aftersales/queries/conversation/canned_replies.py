"""Canned replies in one case: the likeliest first, filled in, with the placeholders that stay open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from aftersales.models import Case, Reply, User
from aftersales.queries.conversation import placeholder_values, tools
from aftersales.queries.conversation.placeholder_values import LANGUAGES
from aftersales.rules.conversation import placeholders

SEARCHED = ("shortcut", "title_en", "title_zh", "body_en", "body_zh")


@dataclass(frozen=True)
class Filled:
    """A reply with its text filled in for a case."""

    reply: Reply
    text: str

    @property
    def gaps(self) -> list[str]:
        """Placeholders that the case can not fill in yet."""
        return placeholders.gaps(self.text)


def at_hand(case: Case, user: User, at: datetime, *, language: str, q: str = "") -> list[Filled]:
    """Replies for the person in a case, at most 40; `q` is searched in titles, shortcut and texts."""
    rows = tools.usable(Reply, user, case).select_related("team")
    if q:
        rows = rows.filter(tools.found_by(q, *SEARCHED))
    found = list(tools.ranked(rows, case)[: tools.MOST_AT_HAND])
    sold = case.lines.values_list("order_line__category", flat=True) if any(one.categories for one in found) else []
    categories = [category.casefold() for category in sold]
    # Whoever types a shortcut whole means that one; what is written for other goods comes last.
    found.sort(key=lambda reply: (reply.shortcut.casefold() != q.casefold(), _category_rank(reply, categories)))
    return filled(found, case, user, at, language=language)


def _category_rank(reply: Reply, categories: Sequence[str]) -> int:
    if not reply.categories:
        return 0
    return -1 if any(word.casefold() in each for word in reply.categories for each in categories) else 1


def filled(replies: Sequence[Reply], case: Case, user: User, at: datetime, *, language: str) -> list[Filled]:
    """The replies with their texts in a language filled in; values are read once for all."""
    with translation.override(LANGUAGES[language]):
        texts = [reply.body(language) for reply in replies]
        values = placeholder_values.of(texts, case, user, at)
        pairs = zip(replies, texts, strict=True)
        return [Filled(reply, placeholders.fill(text, values)) for reply, text in pairs]


def written(case: Case, user: User, at: datetime, *, text: str = "", pk: int | None = None) -> str | None:
    """The text to send, filled in: that of the reply `pk` in the language of the case, else `text`.

    None where the person may not use such a reply.
    """
    if pk is None:
        return placeholders.fill(text, placeholder_values.of([text], case, user, at))
    reply = tools.usable(Reply, user, case).filter(pk=pk).first()
    if reply is None:
        return None
    language = placeholder_values.language_for(case, translation.get_language() or "")
    return filled([reply], case, user, at, language=language)[0].text


def chosen(case: Case, user: User, at: datetime, *, pk: str, language: str) -> str:
    """The text of a reply for the composer; empty where the person may not use it."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return ""
    reply = tools.usable(Reply, user, case).filter(pk=int(pk)).first()
    return filled([reply], case, user, at, language=language)[0].text if reply else ""
