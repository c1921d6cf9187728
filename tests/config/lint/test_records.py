"""A table of moves beside their records is found."""

import pytest

from aftersales import moves
from config.lint import records

NAMES = {"approve", "reject", "offer"}


def test_the_names_are_those_of_the_records():
    assert records.move_names() == set(moves.CHART)


@pytest.mark.parametrize(
    "source",
    [
        "QUIET = frozenset({'approve', 'reject'})",
        "WORDS = {'approve': 'agreed', 'offer': 'made an offer'}",
        "RIGHTS = {A.APPROVE: 'approve', A.REJECT: 'reject'}",
        "if action in ('approve', 'offer'): pass",
    ],
)
def test_a_table_beside_the_records_is_found(source):
    assert [sorted(named)[0] for _line, named in records.tables(source, NAMES)] == ["approve"]


@pytest.mark.parametrize(
    "source",
    ["gate.move(case_id, 'approve')", "KINDS = ('offer', 'note')", "{'approve': 1}", "('approve', 'approve')"],
)
def test_one_move_makes_no_table(source):
    assert list(records.tables(source, NAMES)) == []


def test_the_product_has_none(capsys):
    assert records.main() == 0, capsys.readouterr().out
