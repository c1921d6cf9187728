"""Statements that the server keeps leave a connection as it was: what Django prepares is prepared on."""

import pytest
from django.db import DataError, connection

from aftersales.models import Reason
from orders.db import statements
from orders.db.compiled_query import CompiledQuery

pytestmark = pytest.mark.django_db


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%a statement asked often%%'")
        return cursor.fetchone()[0]


def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint /* a statement asked often */", [1])


def test_a_kept_statement_does_not_switch_preparing_off_for_the_others(settings):
    threshold = connection.settings_dict["OPTIONS"]["prepare_threshold"]

    assert statements.rows("SELECT %s::bigint", [7]) == [(7,)]
    for _turn in range(threshold + 1):
        ask()

    assert connection.connection.prepare_threshold == threshold
    assert prepared() == 1


def mode():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('plan_cache_mode')")
        return cursor.fetchone()[0]


def test_a_statement_is_planned_without_its_values_and_the_next_one_as_ever():
    within = statements.planned_once("SELECT current_setting('plan_cache_mode'), %s::int %% 4, %s::text", [7, "a%s"])

    assert within == [("force_generic_plan", 3, "a%s")]
    assert mode() == "auto"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_of_it_is_left_whether_it_runs_or_breaks():
    parallel = "SELECT current_setting('max_parallel_workers_per_gather')"
    ((before,),) = statements.rows(parallel, [])

    ((within,),) = statements.planned_once(parallel, [])
    with pytest.raises(DataError):
        statements.planned_once("SELECT 1 / %s::int", [0])

    assert (within, statements.rows(parallel, [])) == ("0", [(before,)])
    assert before != "0"
    assert mode() == "auto"


def test_a_kept_statement_planned_once_answers_as_its_queryset():
    kept = CompiledQuery(lambda number: Reason.objects.filter(pk__lt=number).order_by("pk"), int, planned_once=True)
    expected = list(Reason.objects.filter(pk__lt=10**6).order_by("pk"))

    assert expected
    assert kept(10**6) == expected
