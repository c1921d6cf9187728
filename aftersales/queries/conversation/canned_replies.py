"""Canned replies for one case: the best first, filled in, with what is still missing."""

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
    """A reply as it would be sent in this case."""

    reply: Reply
    text: str

    @property
    def gaps(self) -> list[str]:
        """What the case can not fill in yet."""
        return placeholders.gaps(self.text)


def at_hand(case: Case, user: User, at: datetime, *, language: str, q: str = "") -> list[Filled]:
    """Replies that this person uses in this case, at most 40; `q` is searched in title, shortcut and both texts."""
    rows = tools.usable(Reply, user, case).select_related("team")
    if q:
        rows = rows.filter(tools.found_by(q, *SEARCHED))
    found = list(tools.ranked(rows, case)[: tools.MOST_AT_HAND])
    sold = case.lines.values_list("order_line__category", flat=True) if any(one.categories for one in found) else []
    categories = [category.casefold() for category in sold]
    # Whoever types a shortcut whole means that one; what is written for other goods comes last.
    found.sort(key=lambda reply: (reply.shortcut.casefold() != q.casefold(), _misfit(reply, categories)))
    return filled(found, case, user, at, language=language)


def _misfit(reply: Reply, categories: Sequence[str]) -> int:
    if not reply.categories:
        return 0
    return -1 if any(word.casefold() in each for word in reply.categories for each in categories) else 1


def filled(replies: Sequence[Reply], case: Case, user: User, at: datetime, *, language: str) -> list[Filled]:
    """Their texts in a language, each with what the case tells; facts are read once for all."""
    with translation.override(LANGUAGES[language]):
        texts = [reply.body(language) for reply in replies]
        values = placeholder_values.of(texts, case, user, at)
        pairs = zip(replies, texts, strict=True)
        return [Filled(reply, placeholders.fill(text, values)) for reply, text in pairs]


def written(case: Case, user: User, at: datetime, *, text: str = "", pk: int | None = None) -> str | None:
    """What is sent in this case, filled in: a reply in the language of the case, else a text. None when it is gone."""
    if pk is None:
        return placeholders.fill(text, placeholder_values.of([text], case, user, at))
    reply = tools.usable(Reply, user, case).filter(pk=pk).first()
    if reply is None:
        return None
    language = placeholder_values.language_for(case, translation.get_language() or "")
    return filled([reply], case, user, at, language=language)[0].text


def chosen(case: Case, user: User, at: datetime, *, pk: str, language: str) -> str:
    """The text of one reply for the composer; nothing when it is not theirs to use."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return ""
    reply = tools.usable(Reply, user, case).filter(pk=int(pk)).first()
    return filled([reply], case, user, at, language=language)[0].text if reply else ""
