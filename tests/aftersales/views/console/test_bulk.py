"""Acts for many cases as pages: chosen in a list, looked at, begun once, watched, taken along as a file."""

import csv
import io
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales import sweeps
from aftersales.actions.console import bulk
from aftersales.models import BulkJob, BulkRow, Case, Message, User
from aftersales.queries.console.bulk import Selected
from aftersales.rules.conversation.tools import Scope
from tests.aftersales.many import many
from tests.aftersales.stored_tools import reply
from tests.aftersales.views.desk import seat
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def mark(*rows):
    return [f"{row.pk}.{row.version}" for row in rows]


def begun(actor, rows, text="x"):
    marks = [Selected(row.pk, row.version) for row in rows]
    return bulk.begin("note", {"text": text}, marks, by=User.objects.get(pk=actor.user_id), at=NOON)


def test_ticked_boxes_are_looked_at_and_then_begun_once(case, agent):
    rows, client = [case, *many(case, 2)], seat(agent)

    looked = client.post("/cases/bulk/", {"action": "note", "case": mark(*rows)})
    data = {
        "action": "note",
        "selected": looked.context["selected"],
        "text": "Wait",
        "go": "1",
        "once": str(uuid.uuid4()),
    }
    first, second = (client.post("/cases/bulk/", data) for _click in range(2))
    sweeps.run_bulk(NOON)

    assert looked.status_code == 200
    assert "3 cases selected" in looked.text
    job = BulkJob.objects.get()
    assert first.url == second.url == f"/cases/bulk/jobs/{job.pk}/"
    assert Message.objects.filter(is_note=True, body="Wait").count() == 3
    page = client.get(first.url)
    assert page.context["done"] == page.context["total"] == 3
    assert "every 1s" not in page.text


def test_all_that_fit_are_those_of_the_list_and_no_others(case, agent, supervisor):
    many(case, 50, status="inspecting")
    data = {"action": "note", "every": "1", "from": "view=open&state=inspecting&after=zzz"}

    looked = seat(agent).post("/cases/bulk/", data)

    assert looked.context["count"] == 50
    assert case.number not in looked.text


def test_more_than_one_job_takes_is_said(case, agent, monkeypatch):
    monkeypatch.setattr("aftersales.queries.console.bulk.MOST", 5)
    many(case, 7)

    looked = seat(agent).post("/cases/bulk/", {"action": "note", "every": "1", "from": "view=open"})

    assert looked.context["count"] == 5
    assert "done to the first 5" in looked.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "note"}, "No case is selected"),
        ({"action": "note", "selected": "x 1 1.x .1 1. -1.1 ١.1 " + "9" * 30 + ".1"}, "No case is selected"),
        ({"action": "delete", "case": "1.1"}, "Choose what is to be done"),
        ({"case": "1.1"}, "Choose what is to be done"),
    ],
)
def test_nothing_to_do_is_a_sentence_with_a_way_back(data, said, agent):
    for headers in ({}, {"HX-Request": "true"}):
        answer = seat(agent).post("/cases/bulk/", data, headers=headers)

        assert answer.status_code == 422
        assert said in answer.text


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("note", {"text": " "}, "Write something first"),
        ("note", {"text": "x" * 5001}, "at most 5000"),
        ("reject", {"reason": "987654"}, "not one of the available choices"),
        ("extend", {"why": ""}, "This field is required"),
        ("extend", {"why": "x", "days": "31"}, "less than or equal to 30"),
        ("assign", {"agent": "987654"}, "not one of the available choices"),
        ("team", {"team": "x"}, "not one of the available choices"),
    ],
)
def test_bad_terms_begin_nothing_and_keep_what_was_typed(action, fields, said, case, supervisor):
    data = {"action": action, "selected": mark(case)[0], "go": "1", **fields}

    answer = seat(supervisor).post("/cases/bulk/", data)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{mark(case)[0]}"' in answer.text
    assert not BulkJob.objects.exists()


def test_a_message_to_many_is_a_canned_reply_or_a_text_and_reads_as_it_will(case, agent, senior):
    client = seat(agent)
    mine = reply(agent, Scope.PERSONAL, body_zh="谢谢，{售后单号}")
    strange = reply(senior, Scope.PERSONAL)
    base = {"action": "message", "selected": mark(case)[0], "again": "1"}

    looked = client.post("/cases/bulk/", {**base, "reply": mine.pk})
    both = client.post("/cases/bulk/", {**base, "go": "1", "reply": mine.pk, "text": "Hello"})
    none = client.post("/cases/bulk/", {**base, "go": "1"})
    open_one = client.post("/cases/bulk/", {**base, "text": "Sent with {sent_waybill}"})

    assert f"谢谢，{case.number}" in looked.text, "in the language of the case"
    assert "take one of them out" in both.text
    assert "Hello" in both.text
    assert "Write something first." in none.text
    assert {both.status_code, none.status_code} == {422}
    left_out = f"Still to fill in: {{sent_waybill}} – as it stands, {case.number} is left out."
    assert left_out in " ".join(open_one.text.split())
    assert f'value="{strange.pk}"' not in looked.text


def test_acts_are_those_of_the_role(case, agent, supervisor, merchant, finance):
    def offered(who):
        return [name for name, _label in seat(who).get("/cases/").context.get("acts", [])]

    assert offered(agent) == ["take", "note", "message", "approve", "reject", "extend"]
    assert offered(supervisor) == ["take", "assign", "team", "note", "message", "approve", "reject", "extend"]
    assert offered(merchant) == ["message", "approve", "reject", "extend"]
    assert offered(finance) == []
    assert seat(agent).post("/cases/bulk/", {"action": "assign", "case": mark(case)}).status_code == 403
    assert seat(finance).post("/cases/bulk/", {"action": "note", "case": mark(case)}).status_code == 403


def test_without_scripts_there_are_boxes_on_request(case, agent):
    client = seat(agent)

    assert 'name="case"' not in client.get("/cases/").text
    assert "pick=1" in client.get("/cases/").text
    assert f'name="case" value="{mark(case)[0]}"' in client.get("/cases/?view=open&pick=1").text


def test_a_job_polls_while_it_moves_and_tells_each_row(case, agent):
    job, client = begun(agent, many(case, 4)), seat(agent)
    bulk.perform_next(NOON)

    part = client.get(f"/cases/bulk/jobs/{job.pk}/", headers={"HX-Request": "true"})

    assert part.text.lstrip().startswith("<section")
    assert 'hx-trigger="every 1s"' in part.text
    assert (part.context["done"], part.context["total"]) == (1, 4)
    assert [row.outcome for row in client.get(f"/cases/bulk/jobs/{job.pk}/?show=done").context["rows"]] == ["done"]
    assert client.post(f"/cases/bulk/jobs/{job.pk}/cancel/").status_code == 302
    assert client.get(f"/cases/bulk/jobs/{job.pk}/").context["again_count"] == 3


def test_what_was_not_done_is_tried_again_once(case, agent):
    job, client = begun(agent, many(case, 2)), seat(agent)
    assert client.post(f"/cases/bulk/jobs/{job.pk}/retry/").status_code == 422
    bulk.cancel(job, at=NOON)
    data = {"once": str(uuid.uuid4())}

    first, second = (client.post(f"/cases/bulk/jobs/{job.pk}/retry/", data) for _click in range(2))

    assert first.url == second.url
    assert BulkJob.objects.filter(retry_of=job).count() == 1


def test_the_file_is_harmless_in_a_spreadsheet(case, agent):
    job = begun(agent, [case])
    Case.objects.update(subject="=HYPERLINK(1)")
    BulkRow.objects.update(outcome="refused", reason="@SUM(1)", done_at=NOON)

    file = seat(agent).get(f"/cases/bulk/jobs/{job.pk}/result.csv")

    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[1] == [case.number, "'=HYPERLINK(1)", "Refused", "'@SUM(1)", "2026-03-10 12:00:00"]
    assert "attachment" in file["Content-Disposition"]


def test_jobs_are_their_makers_and_supervisors(case, agent, agent2, supervisor):
    job = begun(agent, [case])
    addresses = (f"/cases/bulk/jobs/{job.pk}/", f"/cases/bulk/jobs/{job.pk}/result.csv")

    assert [seat(agent2).get(each).status_code for each in addresses] == [404, 404]
    assert seat(agent2).post(f"/cases/bulk/jobs/{job.pk}/cancel/").status_code == 404
    assert [seat(supervisor).get(each).status_code for each in addresses] == [200, 200]
    assert seat(supervisor).post(f"/cases/bulk/jobs/{job.pk}/retry/").status_code in (403, 422)
    assert str(job.get_action_display()) in seat(supervisor).get("/cases/bulk/jobs/").text
    assert "Nothing yet" in seat(agent2).get("/cases/bulk/jobs/").text


def test_pages_of_jobs_cost_the_same_however_much_there_is(case, agent):
    client, spent = seat(agent), []
    client.get("/cases/bulk/jobs/")
    for count in (1, 120):
        job = begun(agent, many(case, count))
        for url in ("/cases/bulk/jobs/", f"/cases/bulk/jobs/{job.pk}/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            spent.append(len(asked))

    assert spent == [4, 5, 4, 5]


@pytest.mark.parametrize("action", ["take", "assign", "team", "note", "message", "approve", "reject", "extend"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_act_has_its_page_in_both_languages(action, language, case, supervisor):
    client = seat(supervisor)
    client.post("/language/", {"language": language})

    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post("/cases/bulk/", {"action": action, "case": mark(case)}, headers=headers)
        assert answer.status_code == 200
        assert answer.context["preview"].able == 1
