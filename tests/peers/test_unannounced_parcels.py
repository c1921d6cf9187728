"""What went wrong elsewhere, 32: a parcel that nobody announced, or that was returned to sender, is no dead end."""

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts, shipments, unidentified_parcels
from aftersales.models import Evidence, Refund
from aftersales.queries.returns import warehouse
from aftersales.rules.vocabulary import Disposition, Status
from logistics.models import Parcel, StockMovement, UnidentifiedParcel
from logistics.models.parcel import Direction
from orders.models import OrderLine
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, found, pay, stage
from tests.factories import NOON, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db


def lies_there(shop, people, waybill="YT-1", **fields):
    return unidentified_parcels.record(
        shop.pk, by=people.warehouse, at=NOON, carrier="YTO", waybill=waybill, contents="A blue dress", **fields
    )


def outcome(unidentified):
    return UnidentifiedParcel.objects.get(pk=unidentified.pk).outcome


def received(case, people, **fields):
    line = case.lines.get()
    return receipts.receive(case.pk, by=people.warehouse, at=NOON + 5 * HOUR, units={line.pk: 2}, **fields)


def test_peer_32_an_unannounced_parcel_is_matched_to_its_case_and_received_as_usual(shop, order, people):
    case = stage(Status.AWAITING_RETURN, order, people)
    unidentified = lies_there(shop, people)

    unidentified_parcels.match_case(unidentified.pk, case.pk, by=people.warehouse, at=NOON + 4 * HOUR)
    link = case.return_parcels.get()
    case = received(case, people)
    inspections.pass_inspection(case.pk, found(case.lines.get(), 2), by=people.warehouse, at=NOON + 6 * HOUR)
    pay(NOON + 7 * HOUR)

    assert (link.is_announced, link.parcel.waybill) == (False, "YT-1")
    assert outcome(unidentified) == "case"
    assert Parcel.objects.get(direction=Direction.RETURN).status == "received"
    assert again(case).status == Status.COMPLETED
    assert case.events.filter(action="match_parcel").get().data["waybill"] == "YT-1"


def test_peer_32_a_parcel_of_an_order_waits_until_the_desk_has_opened_a_case(shop, order, people, warehouse_user):
    unidentified = lies_there(shop, people)
    unidentified_parcels.match_order(unidentified.pk, order, by=people.warehouse, at=NOON)

    case = opened(order, by=people.agent)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    hits = warehouse.find(warehouse_user, "YT-1")
    received(case, people, waybill="YT-1")

    assert hits == [case]
    assert again(case).status == Status.INSPECTING
    assert outcome(unidentified) == "case"
    assert Parcel.objects.filter(waybill="YT-1").count() == 1


def test_peer_32_a_buyer_who_hands_in_the_waybill_late_finds_the_parcel_that_lies_there(shop, order, people):
    case = stage(Status.AWAITING_RETURN, order, people)
    unidentified = lies_there(shop, people)

    shipments.ship(case.pk, by=people.buyer, at=NOON + 4 * HOUR, carrier="圆通", waybill="yt-1")
    received(case, people)

    assert outcome(unidentified) == "case"
    assert again(case).status == Status.INSPECTING
    assert Parcel.objects.filter(waybill="YT-1").count() == 1


def returned_to_sender(order):
    return Parcel.objects.create(
        merchant=order.merchant, order=order, direction=Direction.OUTBOUND, carrier="SF", waybill="SF-OUT"
    )


def test_peer_32_what_the_carrier_brings_back_knows_its_order(unsigned, shop, people):
    returned_to_sender(unsigned)

    unidentified = lies_there(shop, people, waybill="SF-OUT")

    assert unidentified.parcel.order == unsigned


def test_peer_32_goods_returned_to_sender_are_put_away_without_a_refund_and_without_a_dead_end(unsigned, shop, people):
    returned_to_sender(unsigned)
    unidentified, line = lies_there(shop, people, waybill="SF-OUT"), unsigned.lines.get()

    unidentified_parcels.put_away(
        unidentified.pk, by=people.warehouse, at=NOON, units={line.pk: 2}, disposition=Disposition.RESTOCK
    )

    assert outcome(unidentified) == "put_away"
    assert not Refund.objects.exists()
    assert [(row.kind, row.units, row.reference) for row in StockMovement.objects.all()] == [("restock", 2, "")]
    assert OrderLine.objects.get(pk=line.pk).units_left == 2
    assert opened(unsigned, by=people.buyer, type="refund_only").status == Status.PENDING_MERCHANT


def test_peer_32_a_parcel_that_belongs_to_nobody_goes_back(shop, people):
    unidentified = lies_there(shop, people)

    with pytest.raises(Refused, match="Say how it goes back"):
        unidentified_parcels.send_back(unidentified.pk, by=people.warehouse, at=NOON, note=" ")
    unidentified_parcels.send_back(unidentified.pk, by=people.warehouse, at=NOON, note="SF 77")

    settled = UnidentifiedParcel.objects.get()
    assert (settled.outcome, settled.outcome_note, settled.settled_by) == ("sent_back", "SF 77", "warehouse")
    assert not Refund.objects.exists()


def test_a_parcel_is_settled_once(shop, order, people):
    case = stage(Status.AWAITING_RETURN, order, people)
    unidentified = lies_there(shop, people)
    unidentified_parcels.send_back(unidentified.pk, by=people.warehouse, at=NOON, note="SF 77")

    with pytest.raises(Refused, match="settled already: Sent back"):
        unidentified_parcels.match_case(unidentified.pk, case.pk, by=people.warehouse, at=NOON)
    with pytest.raises(Refused, match="was used before"):
        shipments.ship(case.pk, by=people.buyer, at=NOON + 4 * HOUR, carrier="YTO", waybill="YT-1")


def test_its_photos_become_evidence_of_the_case(shop, order, people):
    case = stage(Status.AWAITING_RETURN, order, people)
    unidentified = lies_there(shop, people, photos=[tiny_photo()])

    unidentified_parcels.match_case(unidentified.pk, case.pk, by=people.warehouse, at=NOON + 4 * HOUR)

    assert Evidence.objects.get(case=case).path == unidentified.photos.get().path


def test_a_waybill_that_is_announced_or_recorded_is_not_recorded_again(shop, order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)
    lies_there(shop, people)

    with pytest.raises(Refused, match="is announced: scan it"):
        lies_there(shop, people, waybill=f"SF{case.pk}")
    with pytest.raises(Refused, match="was recorded already: Waiting"):
        lies_there(shop, people, waybill=" yt-1 ")


@pytest.mark.parametrize("state", [Status.PENDING_MERCHANT, Status.COMPLETED, Status.CLOSED])
def test_a_case_that_takes_no_goods_is_not_matched(state, shop, order, people):
    case = stage(state, order, people)
    unidentified = lies_there(shop, people)

    with pytest.raises(Refused, match="takes no goods in"):
        unidentified_parcels.match_case(unidentified.pk, case.pk, by=people.warehouse, at=NOON + HOUR)


def test_another_shops_case_and_order_are_refused(shop, order, people):
    unidentified = lies_there(shop, people)
    foreign = sold()
    case = opened(foreign, by=people.supervisor)

    with pytest.raises(Refused, match="case belongs to another merchant"):
        unidentified_parcels.match_case(unidentified.pk, case.pk, by=people.warehouse, at=NOON)
    with pytest.raises(Refused, match="order belongs to another merchant"):
        unidentified_parcels.match_order(unidentified.pk, foreign, by=people.warehouse, at=NOON)


@pytest.mark.parametrize("who", ["agent", "finance", "admin", "buyer"])
def test_only_those_at_the_door_record_and_settle(who, shop, people):
    unidentified = lies_there(shop, people)

    with pytest.raises(Refused, match="not yours"):
        unidentified_parcels.record(shop.pk, by=getattr(people, who), at=NOON, carrier="", waybill="X", contents="x")
    with pytest.raises(Refused, match="not yours"):
        unidentified_parcels.send_back(unidentified.pk, by=getattr(people, who), at=NOON, note="SF 77")


def test_a_shop_deals_with_its_own_parcels_only(shop, people):
    unidentified = lies_there(sold().merchant, people)

    with pytest.raises(Refused, match="not yours"):
        unidentified_parcels.send_back(unidentified.pk, by=people.merchant, at=NOON, note="SF 77")


@pytest.mark.parametrize(
    ("units", "sentence"), [({}, "Say how many units"), ({987654: 1}, "not part of the order"), ("three", "more than")]
)
def test_units_that_the_order_can_not_have_are_not_put_away(units, sentence, shop, order, people):
    unidentified = lies_there(shop, people)
    unidentified_parcels.match_order(unidentified.pk, order, by=people.warehouse, at=NOON)
    wanted = {order.lines.get().pk: 3} if units == "three" else units

    with pytest.raises(Refused, match=sentence):
        unidentified_parcels.put_away(
            unidentified.pk, by=people.warehouse, at=NOON, units=wanted, disposition=Disposition.SCRAP
        )

    assert outcome(unidentified) == "waiting"
