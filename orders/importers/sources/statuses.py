"""The words of the sources for how far an order has come. Pure."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from orders.importers.reading.table_rows import RowError
from orders.models.order import OrderStatus

RANK = {status: rank for rank, status in enumerate(OrderStatus.values)}


def found(reported: str, words: Mapping[str, OrderStatus]) -> OrderStatus:
    """Translate a status: the same word, else the first word of the table that it contains; RowError if unknown."""
    plain = bare(reported)
    if plain in words:
        return words[plain]
    # Platforms put two states into one cell (“已发货，待签收”); tables list the word that decides first.
    for word, status in words.items():
        if word in plain:
            return status
    raise RowError(_("The order status “%(status)s” is not known.") % {"status": reported[:60]})


def bare(reported: str) -> str:
    """Drop spaces and punctuation, which platforms change from time to time."""
    folded = unicodedata.normalize("NFKC", reported).casefold()
    return "".join(
        character
        for character in folded
        if not character.isspace() and not unicodedata.category(character).startswith("P")
    )


def is_refunded(reported: str) -> bool:
    """Tell whether a Chinese platform says that money went back.

    How much is not in these exports; part of the sum counts as all of it, so that nothing is paid twice.
    """
    return any(word in bare(reported) for word in ("退款成功", "退款完成", "已退款", "全额退款", "部分退款成功"))
