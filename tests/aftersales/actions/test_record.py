"""What a move writes comes from the models: a field can not be forgotten."""

import pytest

from aftersales.actions import gate, record
from aftersales.models import Case, Deadline, Event, Notice
from tests.aftersales.stages import HOUR, again
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def names(model):
    return {field.name for field in model._meta.concrete_fields if not field.primary_key}


def columns(model, without=()):
    return {model._meta.get_field(name).attname for name in names(model) - set(without)}


def test_every_field_of_a_case_is_written_unless_no_move_changes_it():
    unchanged = {*record.SETTLED, *record.STAFFING}

    assert unchanged < names(Case)
    assert set(record.CASE) == columns(Case, unchanged)


def test_every_field_of_a_deadline_is_written_unless_it_was_promised_or_is_the_sweeps_own():
    assert set(record.PROMISED) < names(Deadline)
    assert set(record.CHANGED) == columns(Deadline, record.PROMISED)


@pytest.mark.parametrize(
    ("model", "written"),
    [(Event, record.EVENT_COLUMNS), (Deadline, record.STARTED_COLUMNS), (Notice, record.NOTICE_COLUMNS)],
)
def test_a_new_row_gets_a_value_for_every_field_that_must_have_one(model, written):
    text = written.as_string()

    required = {field.attname for field in model._meta.concrete_fields if not field.null and not field.primary_key}

    assert [name for name in required if f'"{name}"' not in text] == []


def test_what_an_effect_sets_on_the_case_is_saved_with_the_move(order, people):
    case = opened(order, by=people.buyer)

    def told(case, act):
        case.ruling, case.subject = "Said by phone.", "Another subject"

    gate.move(case.pk, "withdraw", effect=told, by=people.buyer, at=NOON + HOUR)

    assert (again(case).ruling, again(case).subject) == ("Said by phone.", "Another subject")


def test_a_batch_writes_only_what_it_changed(order, people, monkeypatch):
    monkeypatch.setattr(record, "BATCH_FROM", 1)
    case = opened(order, by=people.buyer)
    Case.objects.filter(pk=case.pk).update(subject="Written by somebody else")

    gate.move(case.pk, "withdraw", by=people.buyer, at=NOON + HOUR)

    assert again(case).subject == "Written by somebody else"
