"""Every move through its form: done, refused, too late by a version, not theirs, not their right, sent twice."""

from decimal import Decimal

import pytest

from aftersales.models import Case, Event, Offer
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Role
from aftersales.views.cases import moves
from tests import shared_world
from tests.aftersales.stages import HOUR, again, stage
from tests.aftersales.views.desk import LATER, address, picture, seat, sent, upload
from tests.aftersales.views.move_table import HAPPY, S, prepared, reason
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import actor_for, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_every_move_of_the_table_is_tried_here():
    assert set(HAPPY) == set(moves.ACTIONS)


@pytest.mark.parametrize("action", HAPPY)
def test_a_move_is_made_through_its_form_and_not_at_all_on_an_older_version(action, order, people):
    case, by, fields, leads_to = prepared(action, order, people)
    client = seat(by)

    form = client.get(address(case, action))
    if action != "assign":  # right whatever happened meanwhile
        with shared_world.undone():
            refused_with_what_happened(client, case, action, fields)
    response = client.post(address(case, action), sent(case, **fields))

    assert form.status_code == 200
    assert response.status_code == 302, response.context["form"].errors
    other = Case.objects.exclude(pk=case.pk).last()
    onward = "/cases/" if action == "skip" else address(other if action in ("convert", "split", "merge") else case)
    assert response["Location"] == onward
    assert again(case).status == leads_to
    assert Event.objects.filter(case=case, action=action, user=by.user_id).count() == 1


def refused_with_what_happened(client, case, action, fields):
    """Somebody was faster by a version: nothing changes, and the page says what they did."""
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    Event.objects.create(
        case=case, happened_at=LATER, action="extend", role="merchant", from_status=case.status, to_status=case.status,
        version=case.version + 1, why="We asked the factory.",
    )  # fmt: skip

    response = client.post(address(case, action), sent(case, **fields))

    assert response.status_code == 409
    assert "We asked the factory." in response.text
    assert again(case).status == case.status
    assert f'name="version" value="{case.version + 1}"' in response.text


def answers(client, case):
    """What each move's address says to somebody who only looks, and who sends."""
    return {
        action: (
            client.get(address(case, action)).status_code,
            client.post(address(case, action), sent(case)).status_code,
        )
        for action in HAPPY
    }


def test_another_shop_is_told_that_there_is_no_such_case(order, people):
    case = opened(order, by=people.buyer)
    stranger = actor_for(person("stranger", Role.MERCHANT, merchant=MerchantFactory()))

    assert answers(seat(stranger), case) == dict.fromkeys(HAPPY, (404, 404))
    assert again(case).version == case.version


def test_who_has_no_right_is_refused(order, people):
    case = opened(order, by=people.buyer)

    assert answers(seat(people.admin), case) == dict.fromkeys(HAPPY, (403, 403))
    assert again(case).version == case.version


@pytest.mark.parametrize("state", [S.CLOSED, S.PENDING_MERCHANT])
def test_in_the_wrong_state_the_form_says_why_and_does_nothing(state, order, people):
    case = again(stage(state, order, people))
    actions = [
        action
        for action in sorted(set(HAPPY) - {"assign", "extend", "prioritise", "skip"})
        if (state == S.PENDING_MERCHANT) == (HAPPY[action][1] == S.CLOSED)
        and HAPPY[action][0] != "warehouse"  # sees no case whose goods were never on their way
    ]

    for action in actions:
        response = seat(getattr(people, HAPPY[action][0])).get(address(case, action))

        assert response.status_code == 200, action
        assert "is possible while a case is" in response.text, action
        assert "disabled" in response.text, action


def test_a_form_that_is_sent_twice_acts_once(order, people):
    case = again(stage(S.AWAITING_RETURN, order, people))
    client, form = seat(people.agent), sent(case, why="Slow courier.")

    first = client.post(address(case, "extend"), form)
    second = client.post(address(case, "extend"), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Event.objects.filter(case=case, action="extend").count() == 1


def test_what_was_typed_stays_when_it_is_refused(order, people):
    case = opened(order, by=people.buyer)
    fields = {"reason": reason("signed_for"), "note": "See the carrier's proof <b>here</b>"}

    response = seat(people.merchant).post(address(case, "reject"), sent(case, **fields))

    assert response.status_code == 422
    assert "needs proof" in response.text
    assert "See the carrier&#x27;s proof &lt;b&gt;here&lt;/b&gt;" in response.text
    assert again(case).status == S.PENDING_MERCHANT


def test_a_rejection_stores_the_proof_that_is_sent_with_it(order, people):
    case = opened(order, by=people.buyer)
    fields = {"reason": reason("signed_for"), "photos": [upload(picture())]}

    response = seat(people.merchant).post(address(case, "reject"), sent(case, **fields))

    assert response.status_code == 302
    assert again(case).status == S.REJECTED
    assert case.evidence.get().role == "merchant"


@pytest.mark.parametrize("amount", ["-1", "0.001", "1e9", "NaN", "100.01", "1000000000", "abc", "", "¥", "1²"])
def test_amounts_that_are_none_are_refused_in_the_form(amount, order, people):
    case = opened(order, by=people.buyer)

    response = seat(people.agent).post(address(case, "offer"), sent(case, amount=amount, type="refund_only"))

    assert response.status_code == 422
    assert not Offer.objects.exists()


def test_fields_that_the_form_does_not_have_change_nothing(order, people):
    case = opened(order, by=people.buyer)
    extra = {"status": "completed", "merchant_id": 99, "requested_amount": "1", "amount": "9999", "type": "refund_only"}

    seat(people.agent).post(address(case, "approve"), sent(case, **extra))

    case = again(case)
    assert case.status == S.AWAITING_RETURN
    assert (case.merchant_id, case.requested_amount) == (order.merchant_id, Decimal(100))
    assert case.type == CaseType.RETURN_REFUND


def test_another_shops_address_is_no_choice(order, people):
    case = opened(order, by=people.buyer)
    foreign = sold().merchant.return_addresses.get()

    response = seat(people.agent).post(address(case, "approve"), sent(case, address=foreign.pk))

    assert response.status_code == 422
    assert again(case).status == S.PENDING_MERCHANT


def test_above_the_limit_a_second_person_is_offered_instead(shop, people):
    order = sold(merchant=shop, lines=[(1, 900)])
    case = opened(order, by=actor.buyer(order.buyer_id))

    page = seat(people.agent).get(address(case)).context

    assert page["primary"].label == "Send for approval"
    assert any("above your limit of ¥200.00" in choice.reason for choice in page["unavailable"])


def test_only_a_supervisor_names_the_days(order, people):
    case = again(stage(S.AWAITING_RETURN, order, people))
    due = case.due_at

    seat(people.agent).post(address(case, "extend"), sent(case, why="x", days="30"))
    by_agent = again(case)
    seat(people.supervisor).post(address(case, "extend"), sent(by_agent, why="x", days="10"))

    assert by_agent.due_at == due + 3 * 24 * HOUR
    assert again(case).due_at == due + 13 * 24 * HOUR


def test_a_request_is_not_declined_by_who_made_it(order, people):
    case = opened(order, by=people.buyer)
    client = seat(people.supervisor)
    client.post(address(case, "request_approval"), sent(case, why="Sure?"))

    response = client.post(address(case, "decline_request"), sent(again(case), answer="No."))

    assert response.status_code == 422
    assert "a second person has to decide" in response.text


@pytest.mark.django_db(transaction=True)
def test_after_the_cut_off_the_attempt_is_on_record(order, people):
    case = opened(order, by=people.buyer, at=NOON - 60 * HOUR)

    response = seat(people.merchant).post(address(case, "reject"), sent(case, reason=reason("already_shipped")))

    assert response.status_code == 409
    assert "Time was up" in response.text
    assert Event.objects.get(case=case, action="attempt").data == {"tried": "reject"}


def test_to_htmx_the_form_is_a_dialog_and_success_a_redirect(order, people):
    case = opened(order, by=people.buyer)
    client, htmx = seat(people.agent), {"HX-Request": "true"}

    dialog = client.get(address(case, "approve"), headers=htmx)
    done = client.post(address(case, "approve"), sent(case), headers=htmx)

    assert "<html" not in dialog.text
    assert 'hx-target="#dialog-body"' in dialog.text
    assert "HX-Request" in dialog["Vary"]
    assert (done.status_code, done["HX-Redirect"]) == (200, address(case))


def test_money_is_previewed_before_it_is_agreed(order, people):
    case = opened(order, by=people.buyer)

    form = seat(people.agent).get(address(case, "approve"))

    assert "¥100.00 goes back after the inspection" in form.text


@pytest.mark.parametrize("version", ["x", "-1", "999999999999", "1.5"])
def test_a_version_that_is_none_is_an_older_one(version, order, people):
    case = opened(order, by=people.buyer)

    response = seat(people.agent).post(address(case, "approve"), sent(case) | {"version": version})

    assert response.status_code == 409
    assert again(case).status == S.PENDING_MERCHANT
