"""Agreeing to many at once: each case only as it was shown, whatever a carrier tells between the look and its turn."""

import pytest

from aftersales.actions.console import bulk
from aftersales.forms.console.bulk import selection, selection_text
from aftersales.models import BulkRow
from aftersales.queries.console import bulk as queries
from aftersales.queries.console.bulk import Selected
from aftersales.rules.vocabulary import CaseType
from orders import delivery
from tests.aftersales.bulk_jobs import picked, results
from tests.aftersales.stages import HOUR, again, broken
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(shop, order, buyer):
    """Money back for goods that had not left, twice: 100.00 and the freight of 10.00."""
    sales = [sold(merchant=shop, buyer=order.buyer, unshipped=True) for _each in range(2)]
    return [opened(one, by=buyer, type=CaseType.REFUND_ONLY) for one in sales]


def looked_at(cases, user, by):
    return queries.preview("approve", {}, picked(*cases), user=user, by=by, at=NOON + HOUR)


def test_a_case_whose_goods_left_after_the_look_is_refused_and_the_other_goes_through(two, agent_user, agent):
    seen = looked_at(two, agent_user, agent).seen
    job = bulk.begin("approve", {}, selection(selection_text(seen).split()), by=agent_user, at=NOON + HOUR)
    delivery.note_shipped(two[0].order_id, NOON + HOUR)

    told = results(job, at=NOON + 2 * HOUR)

    assert [told[case.pk][0] for case in two] == ["refused", "done"]
    assert "They were: Not shipped; now: Shipped, not signed for." in told[two[0].pk][1]
    assert [again(case).status for case in two] == ["pending_merchant", "refunding"]
    assert not broken()


def test_what_had_moved_before_the_look_is_shown_as_it_is_and_done(two, agent_user, agent):
    delivery.note_shipped(two[0].order_id, NOON)

    preview = looked_at(two, agent_user, agent)
    told = results(bulk.begin("approve", {}, preview.seen, by=agent_user, at=NOON + HOUR))

    assert (preview.moved, preview.sums) == (1, {"CNY": 210})
    assert sorted(preview.ways) == [("Intercepting", 1), ("Refunding", 1)]
    assert {outcome for outcome, _why in told.values()} == {"done"}
    assert [again(case).status for case in two] == ["intercepting", "refunding"]


def test_without_a_look_what_is_true_at_the_click_counts(two, agent_user):
    job = bulk.begin("approve", {}, picked(*two), by=agent_user, at=NOON)

    assert set(job.rows.values_list("goods_seen", flat=True)) == {"unshipped"}


def test_an_act_that_does_not_agree_asks_nothing_of_goods(two, agent_user):
    bulk.begin("note", {"text": "x"}, picked(*two), by=agent_user, at=NOON)

    assert set(BulkRow.objects.values_list("goods_seen", flat=True)) == {""}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12.3", [Selected(12, 3)]),
        ("12.3.signed 14.1", [Selected(12, 3, "signed"), Selected(14, 1)]),
        ("12.3.nowhere", [Selected(12, 3)]),
        ("12.3.signed.4", [Selected(12, 3, "signed")]),
        ("12 x.1 .3", []),
    ],
)
def test_a_selection_is_read_as_it_was_written(text, read):
    assert selection([text]) == read
    assert selection([selection_text(read)]) == read
