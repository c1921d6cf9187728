"""What agreeing to each of many cases leads to, as it is shown before: it depends on where their goods are."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from aftersales.models import Case
from aftersales.rules.cases import chains, goods_moved, return_window
from aftersales.rules.vocabulary import GoodsState, Status


def bring_up_to_now(cases: Iterable[Case], at: datetime) -> int:
    """Show cases, read with their orders, as the gate would see them; answers in how many goods have moved."""
    moved = [goods_moved.follow(case, return_window.goods_state(case.order, at)) for case in cases]
    return sum(before is not None for before in moved)


def goods_of(case_ids: Collection[int], at: datetime) -> dict[int, GoodsState]:
    """Where the goods of each case count as being; one query."""
    cases = Case.objects.filter(pk__in=case_ids).select_related("order")
    return {case.pk: goods_moved.by_now(case, return_window.goods_state(case.order, at)) for case in cases}


def ways(cases: Iterable[Case]) -> list[tuple[str, int]]:
    """The states that agreeing leads to, each with how many cases go there, the most frequent first."""
    counted = Counter(Status(chains.after_agreement(case)) for case in cases)
    return [(str(status.label), number) for status, number in counted.most_common()]
