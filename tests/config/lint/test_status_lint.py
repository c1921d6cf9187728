"""The house's own checks find what they are there to find."""

import polib
import pytest

from config import catalogue
from config.lint import status_lint

FIELDS = {"Case": "status", "Refund": "status"}


def test_the_protected_fields_are_found_in_the_models():
    assert status_lint.protected_fields() == {"Case": "status", "Refund": "status", "Parcel": "status"}


@pytest.mark.parametrize(
    "source",
    [
        "Case(order=order, status='approved')",
        "models.Case(status=Status.CLOSED)",
        "Case.objects.filter(pk=1).update(status='closed')",
        "case.refunds.filter(pk=1).update(status='sent', tries=2)",
        "Case.objects.create(status='approved')",
        "Case.objects.bulk_update(cases, ['status', 'version'])",
        "rows.bulk_update(cases, fields=('status',))",
    ],
)
def test_a_way_around_the_gate_is_found(source):
    assert len(list(status_lint.breaches(source, FIELDS))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "Case(order=order)",
        "Case.objects.filter(status='closed').update(agreed_amount=1)",
        "case.offers.filter(status='open').update(status='void')",
        "Case.objects.filter(status='closed')",
        "Offer(status='open')",
        "Case.objects.bulk_update(cases, ['version'])",
    ],
)
def test_what_is_allowed_is_left_alone(source):
    assert list(status_lint.breaches(source, FIELDS)) == []


@pytest.mark.parametrize(
    "source",
    [
        "case.offers.filter(status='open')",
        "Q(refund__status__in=['queued', Status.SENT])",
        "BulkRow(outcome='done')",
        "offers.filter(offers__status='open').exists()",
        "request.status == 'pending'",
        "'pending' != status",
        "pickup.todo in ('', 'book')",
        "deadline.status = 'met' if late else DeadlineStatus.MISSED",
    ],
)
def test_a_status_written_as_a_string_is_found(source):
    assert len(list(status_lint.bare_states(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "case.offers.filter(status=Offer.Status.OPEN)",
        "response.status_code == 422",
        "pickup.todo == ''",
        "Reply(outcome='reversed')",
        "reply.outcome == 'reversed'",
        "kind == 'pending'",
    ],
)
def test_a_status_of_its_enum_is_left_alone(source):
    assert list(status_lint.bare_states(source)) == []


@pytest.mark.parametrize(
    "read", ["type(case).objects", "case.lines.all()", "case.refunds.filter(pk=1)", "rows.exists()"]
)
def test_a_rule_that_reads_is_found(read):
    assert len(list(status_lint.reads(f"def guard(case, facts):\n    return {read}"))) == 1


def test_a_rule_that_is_told_is_left_alone():
    assert list(status_lint.reads("def guard(case, facts):\n    return facts.units < 2 and all(case.marks)")) == []


def test_a_model_looked_up_by_its_name_is_found():
    assert len(list(status_lint.asked_by_name("apps.get_model('logistics', 'Parcel').objects.all()"))) == 1


def test_who_catches_a_broken_constraint_has_to_name_it():
    blind = "try:\n    save()\nexcept (DataError, IntegrityError):\n    pass\n"

    assert [line for line, _sentence in status_lint.blind_catches(blind)] == [3]
    assert list(status_lint.blind_catches(blind.replace("pass", "constraints.broken(error)"))) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="Open", msgstr=""), "untranslated"),
        (polib.POEntry(msgid="Open", msgstr="打开", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(count)s cases", msgstr="%(number)s 个"), "placeholders differ"),
        (polib.POEntry(msgid="%(n)s case", msgid_plural="%(n)s cases", msgstr_plural={0: "个"}), "placeholders differ"),
    ],
)
def test_a_bad_translation_is_found(entry, problem):
    (found,) = catalogue.entry_problems(entry)

    assert found.startswith(problem)


@pytest.mark.parametrize(
    "entry",
    [
        polib.POEntry(msgid="Open", msgstr="打开"),
        polib.POEntry(msgid="%(a)s of %(b)s", msgstr="%(b)s 中的 %(a)s"),
        polib.POEntry(msgid="%(n)s case", msgid_plural="%(n)s cases", msgstr_plural={0: "%(n)s 个"}),
    ],
)
def test_a_good_translation_is_left_alone(entry):
    assert list(catalogue.entry_problems(entry)) == []
