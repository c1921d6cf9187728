"""Statements that the server keeps leave a connection as it was: what Django prepares is prepared on."""

import pytest
from django.db import connection

from orders import statements

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
