"""Every payload of the collection is read: what is told, and no signature where nobody signed."""

import json
from datetime import UTC, datetime

import pytest

from logistics.carriers import SOURCES
from logistics.carriers.base import Account, Unreadable
from logistics.models.parcel import ParcelStatus as S
from tests.factories import NOON
from tests.logistics.telling import push, shipment

# file → waybill, how many scans, the furthest status, how many are problems
FILES = {
    "kuaidi100/push_polling_signed_resultv2.json": ("4310000000004", 4, S.SIGNED, 0),
    "kuaidi100/push_shutdown_signed_dup_and_out_of_order.json": ("221000000003", None, S.SIGNED, 0),
    "kuaidi100/query_signed_after_failed_attempt.json": ("200000000001", 9, S.SIGNED, 0),
    "kuaidi100/query_signed_yunda.json": ("1200000000002", None, S.SIGNED, 0),
    "kuaidi100/query_ok_but_no_result.json": ("", 0, None, 0),
    "sf/routes_v1_delivered.json": ("238000000006", 14, S.SIGNED, 0),
    "sf/routes_v2_picked_up.json": ("SF7400000000007", 1, S.IN_TRANSIT, 0),
    "sf/routes_v2_empty.json": ("", 0, None, 0),
    "17track/gettrackinfo_correios_2151.json": ("AA123456789BR", 3, S.SIGNED, 0),
    "17track/gettrackinfo_exception_returning.json": ("AA555666777BR", 1, S.RETURNING, 1),
    "17track/gettrackinfo_yanwen_190012.json": ("YT2616912345678901", 3, S.IN_TRANSIT, 0),
    "17track/gettracklist_page.json": ("AA123456789BR", 1, S.SIGNED, 0),
    "17track/register_mixed.json": ("", 0, None, 0),
    "17track/register_already_registered.json": ("", 0, None, 0),
    "17track/getquota.json": ("", 0, None, 0),
    "aftership/webhook_tracking_update_ASSEMBLED.json": ("9361289676091361892011", 2, S.SIGNED, 0),
}
STOPS = {
    "kuaidi100/push_abort_no_record.json": {"221000000005": "3天查询无记录"},
    "17track/webhook_tracking_stopped.json": {"AA123456789BR": "TRACKING_STOPPED"},
}
ERRORS = {"kuaidi100/query_error_400.json": "参数错误"}
NO_MESSAGES = {"kuaidi100/field_reference.json"}


def read(source, message, **account):
    raw = message if isinstance(message, bytes) else json.dumps(message).encode()
    return SOURCES[source].read(raw, Account(source, "default", **account), NOON)


def statuses(reading):
    return [one.status for one in sorted(reading.scans, key=lambda one: one.happened_at)]


def test_no_payload_is_forgotten(tracking):
    found = {str(path.relative_to(tracking)) for path in tracking.rglob("*.json")}

    assert found == FILES.keys() | STOPS.keys() | ERRORS.keys() | NO_MESSAGES


@pytest.mark.parametrize("name", FILES)
def test_a_payload_tells_of_its_parcel(name, tracking):
    waybill, count, furthest, problems = FILES[name]

    told = read(name.partition("/")[0], (tracking / name).read_bytes()).scans

    assert {waybill} <= ({one.waybill for one in told} or {""})
    assert count is None or len(told) == count
    assert max((one.status for one in told), key=list(S).index, default=None) == furthest
    assert sum(one.is_problem for one in told) == problems
    assert all(one.happened_at.tzinfo for one in told)


@pytest.mark.parametrize("name", STOPS)
def test_a_parcel_that_is_no_longer_followed_is_told_apart(name, tracking):
    reading = read(name.partition("/")[0], (tracking / name).read_bytes())

    assert (reading.scans, reading.stopped) == ((), STOPS[name])


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_no_history(name, tracking):
    with pytest.raises(Unreadable, match=ERRORS[name]):
        read("kuaidi100", (tracking / name).read_bytes())


def test_a_failed_attempt_before_the_signature_is_none(tracking):
    reading = read("kuaidi100", (tracking / "kuaidi100/query_signed_after_failed_attempt.json").read_bytes())

    assert statuses(reading) == [S.IN_TRANSIT] * 8 + [S.SIGNED]


def test_every_state_that_kuaidi100_has_is_known(tracking):
    states = json.loads((tracking / "kuaidi100/field_reference.json").read_bytes())["state"]

    for code, word in {**states, "8": "清关", "14": "拒签"}.items():
        by_code = push("1", (None, "2026-03-10 12:00:00", "x"), state=code)
        by_word = push("1", (word, "2026-03-10 12:00:00", "x"))
        assert statuses(read("kuaidi100", by_code)) == statuses(read("kuaidi100", by_word))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("kuaidi100", push("1", (None, "2026-03-10 12:00:00", "x"), state="77")),
        ("17track", {"data": {"number": "1", "package_status": "Melted", "latest_event_time": "2026-03-10T12:00:00Z"}}),
        ("aftership", shipment("1", ("Melted", "2026-03-10T12:00:00", "x"))),
        ("sf", {"body": [{"mailNo": "1", "acceptTime": "2026-03-10 12:00:00", "opcode": "x"}]}),
        ("manual", {"scans": [{"waybill": "1", "status": "melted", "at": "2026-03-10T12:00:00Z"}]}),
        ("manual", {"scans": [{"waybill": "1", "status": "received", "at": "2026-03-10T12:00:00Z"}]}),
        ("manual", {"scans": [{"waybill": " ", "status": "signed", "at": "2026-03-10T12:00:00Z"}]}),
        ("manual", {"scans": [{"waybill": "1", "status": "signed", "at": "yesterday"}]}),
        ("manual", {"scans": [{"waybill": "1", "status": "signed", "at": "0001-01-01T00:00:00Z"}]}),
        ("manual", {"scans": "signed"}),
        ("aftership", {"msg": []}),
        ("17track", []),
        ("kuaidi100", {"lastResult": 7}),
        ("kuaidi100", {"lastResult": {"nu": "1", "status": "200", "state": "3", "data": {"time": 1}}}),
        ("sf", b"[" * 100_000),
        ("sf", {"apiResultCode": "A1000", "apiResultData": "<html>"}),
        ("aftership", b"\xff\xfe"),
    ],
)  # fmt: skip
def test_a_message_that_makes_no_sense_is_refused_with_a_sentence(source, message):
    with pytest.raises(Unreadable) as refusal:
        read(source, message)

    assert str(refusal.value).endswith(".")


def test_a_time_without_a_zone_is_in_the_zone_of_the_account(tracking):
    (picked_up,) = read("sf", (tracking / "sf/routes_v2_picked_up.json").read_bytes()).scans

    assert picked_up.happened_at == datetime(2023, 9, 15, 7, 46, 15, tzinfo=UTC)


def test_a_parcel_delivered_after_it_turned_back_is_back_at_the_sender():
    scans = [("Delivered_Other", "2026-03-12T00:00:00Z"), ("Exception_Returning", "2026-03-11T00:00:00Z")]
    events = [{"time_iso": at, "sub_status": status, "description": "x"} for status, at in scans]
    track = {"number": "1", "track_info": {"tracking": {"providers": [{"events": events}]}}}

    assert statuses(read("17track", {"data": track})) == [S.RETURNING, S.RETURNED]
    parcel = shipment("1", ("Delivered", "2026-03-12T00:00:00Z", "x"), return_to_sender=True)
    assert statuses(read("aftership", parcel)) == [S.RETURNED]


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, S.ANNOUNCED), (1, S.ANNOUNCED), (10, S.IN_TRANSIT), (610, S.CANCELLED), (9, S.CANCELLED), (99, S.CANCELLED),
     (15, S.IN_TRANSIT), (155, S.IN_TRANSIT)],
)  # fmt: skip
def test_a_call_back_of_a_pickup_implies_a_scan(code, status):
    message = {"kuaidicom": "shunfeng", "kuaidinum": "SF1", "status": "200", "message": "成功"}
    called = message | {"data": {"orderId": "9", "status": code, "updateTime": "2026-03-10 12:00:00"}}

    (told,) = read("kuaidi100", called).scans

    assert (told.waybill, told.status) == ("SF1", status)
    assert read("kuaidi100", {**called, "kuaidinum": ""}).scans == []
    assert read("kuaidi100", {**called, "data": {"status": code}}).scans[0].happened_at == NOON


def test_texts_are_made_fit_for_the_database():
    long = push(" sf1\0 ", ("在途", "2026-03-10 12:00:00", "a\0b" + "长" * 900))

    (told,) = read("kuaidi100", long).scans

    assert (told.waybill, told.text[:2], len(told.text)) == ("SF1", "ab", 500)
