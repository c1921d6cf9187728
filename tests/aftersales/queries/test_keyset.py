"""Pages by key: every row once, forwards and backwards, also those without a key; any page costs the same."""

from datetime import timedelta

import pytest

from aftersales.models import Case
from aftersales.queries import keyset
from tests.aftersales.many import many
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
KEYS = ("due_at", "id")


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def walked(rows, way="after", start="", size=3, parts=()):
    """Ids of all pages one after the other."""
    found, mark = [], start
    while True:
        page = keyset.page(rows, *KEYS, parts=parts, size=size, **{way: mark})
        found.append([row["id"] for row in page.rows])
        mark = getattr(page, way)
        if not mark:
            return found, page


def test_every_row_is_on_one_page_in_order(case):
    many(case, 7)
    many(case, 2, due_at=NOON)
    many(case, 2, due_at=None)
    rows = Case.objects.values("id", "due_at")

    pages, _last = walked(rows)

    expected = list(Case.objects.order_by("due_at", "id").values_list("id", flat=True))
    assert [each for page in pages for each in page] == expected
    assert [len(page) for page in pages] == [3, 3, 3, 3]


def test_backwards_leads_over_the_same_pages(case):
    many(case, 5)
    many(case, 4, due_at=None)
    rows = Case.objects.values("id", "due_at")
    forwards, last = walked(rows)

    backwards, first = walked(rows, "before", last.before)

    assert backwards[::-1] == forwards[:-1]
    assert not first.before
    assert first.after


def test_several_querysets_are_one_list(case, agent_user):
    many(case, 5, assignee=agent_user)
    many(case, 5)
    rows = Case.objects.values("id", "due_at")
    halves = [Case.objects.filter(assignee=agent_user), Case.objects.filter(assignee=None)]

    assert walked(rows, parts=halves)[0] == walked(rows)[0]


def test_a_row_that_comes_meanwhile_moves_no_other(case):
    many(case, 6, due_at=NOON + timedelta(hours=1))
    rows = Case.objects.values("id", "due_at")
    first = keyset.page(rows, *KEYS, size=3)
    before = keyset.page(rows, *KEYS, size=3, after=first.after).rows

    many(case, 1, due_at=NOON - timedelta(hours=1))

    assert keyset.page(rows, *KEYS, size=3, after=first.after).rows == before


@pytest.mark.parametrize(
    "mark",
    ["x", "~", "1~2", "none~none", "2026-01-01~5", "2026-13-01T00:00:00+00:00~5", "9" * 40, "2026-03-10T04:00:00~5",
     "0001-01-01T00:00:00+14:00~1", "2026-03-10T04:00:00+00:00~99999999999999999999"],
)  # fmt: skip
def test_a_mark_that_cannot_be_read_is_the_beginning(mark, case):
    many(case, 4)
    rows = Case.objects.values("id", "due_at")

    for way in ("after", "before"):
        page = keyset.page(rows, *KEYS, size=3, **{way: mark})
        assert page.rows == keyset.page(rows, *KEYS, size=3).rows or mark.startswith("0001")


def test_counts_stop_at_the_cap(case):
    many(case, 6)

    assert keyset.capped(Case.objects.all(), cap=5) == 6
    assert keyset.capped_text(6, cap=5) == "5+"
    assert keyset.capped_text(5, cap=5) == "5"


def test_several_lists_are_counted_in_one_query(case, django_assert_num_queries):
    many(case, 6)
    lists = {"all": Case.objects.order_by("pk"), "one": Case.objects.filter(pk=case.pk), "none": Case.objects.none()}

    with django_assert_num_queries(1):
        counted = keyset.capped_each(lists, cap=5)

    assert counted == {"all": 6, "one": 1, "none": 0}


def test_lists_nobody_can_see_are_not_asked_for(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert keyset.capped_each({"none": Case.objects.none()}) == {"none": 0}
