"""The page of a case: what it shows, to whom, at what cost; the buyer's data on request."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import messages
from aftersales.models import Event, RejectReason
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Role, Status
from orders.models import Order
from tests.aftersales.stages import HOUR, STAGES, again, refusal, stage
from tests.aftersales.views.desk import LATER, address, seat, sent, write
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import actor_for, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


NAUGHTY = settings.BASE_DIR.parent / "shared" / "data" / "fuzz" / "blns" / "blns.json"


def words(response):
    """The text of a page as people read it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def actor_of(order):
    return actor.buyer(order.buyer_id)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


@pytest.mark.parametrize("state", STAGES)
def test_every_state_has_its_page_in_both_languages(state, order, people):
    found = again(stage(state, order, people))

    for by in (people.agent, people.supervisor, people.merchant, people.finance, people.admin):
        client = seat(by)
        for language in ("en", "zh-hans"):
            client.cookies["django_language"] = language
            response = client.get(address(found))
            assert response.status_code == 200
            assert len(response.content) <= 60 * 1024


def test_the_clock_says_what_happens_when_by_which_rule(case, agent):
    page = words(seat(agent).get(address(case)))

    assert "42:00:00" in page or "1 d 18 h" in page
    assert "the return approves itself" in page
    assert "Merchant's answer: 48 h · policy General v1" in page.replace("&#x27;", "'")


def test_what_stands_still_shows_what_is_left(order, people):
    case = again(stage(Status.PENDING_BUYER, order, people))

    page = words(seat(people.agent).get(address(case))).replace("&#x27;", "'")

    assert "Merchant's answer: paused, 1 d 23 h left" in page
    assert "Open offer: ¥40.00" in re.sub(r"\s+:", ":", page)


def test_the_sum_is_worked_out_before_and_kept_afterwards(order, people):
    before = again(stage(Status.AWAITING_RETURN, order, people))

    trial = seat(people.agent).get(address(before)).context["sheet"]

    assert (trial.total, trial.is_final) == (Decimal(100), False)
    assert [(way.label, way.amount) for way in trial.ways] == [("Wallet (Alipay, WeChat Pay, PayPal)", Decimal(100))]


def test_deductions_name_their_rule(order, people):
    case = opened(order, by=people.buyer)
    decisions.approve(case.pk, by=people.agent, at=NOON + HOUR, return_freight=Decimal(12))

    sheet = seat(people.agent).get(address(case)).context["sheet"]

    assert [(row.label, row.amount) for row in sheet.rows][1] == ("Return freight advanced", Decimal(-12))
    assert "the merchant advanced the way back" in sheet.rows[1].rule
    assert sheet.total == Decimal(88)


def test_when_all_is_paid_the_page_says_how_much_went_back(order, people):
    case = again(stage(Status.COMPLETED, order, people))

    response = seat(people.agent).get(address(case))

    assert "¥100.00 given back" in words(response)
    assert response.context["sheet"].is_final
    assert response.context["facts"].refunds[0].number[:12] in response.text


def test_what_is_opened_again_is_worked_out_anew(order, people):
    case = again(stage(Status.REFUNDING, order, people))
    case.lines.update(units_accepted=1)
    assert case.charges.exists()

    final = seat(people.agent).get(address(case)).context["sheet"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE aftersales_case SET status = 'pending_merchant' WHERE id = %s", [case.pk])
    anew = seat(people.agent).get(address(case)).context["sheet"]

    assert (final.is_final, final.total) == (True, Decimal(100))
    assert (anew.is_final, anew.total) == (False, Decimal(50))


def test_a_rejected_round_stays_to_be_read(order, people):
    case = again(stage(Status.REJECTED, order, people))
    line = case.lines.get().order_line_id
    fields = {"type": "return_refund", "reason": case.reason_id, f"units_{line}": "1"}
    seat(people.agent).post(address(case, "reapply"), sent(case, **fields))

    page = words(seat(people.agent).get(address(case)))

    assert "2 applications" in page
    assert refusal().name in page


def test_what_came_too_late_is_shown_to_our_people_only(case, agent, merchant):
    Event.objects.create(
        case=case, happened_at=LATER, action="attempt", role=Role.AGENT, from_status=case.status,
        to_status=case.status, version=1, data={"tried": "reject"},
    )  # fmt: skip

    assert "tried: Reject" in words(seat(agent).get(address(case)))
    assert "tried: Reject" not in words(seat(merchant).get(address(case)))


def test_naughty_strings_are_shown_as_what_they_are(order, people):
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY} is absent: no naughty strings to try")
    texts = [text for text in json.loads(NAUGHTY.read_text()) if "<" in text or "{{" in text or "javascript" in text]
    case = opened(order, by=people.buyer, description=texts[0])
    client = seat(people.agent)

    for text in texts:
        messages.send(case.pk, text, by=people.agent, at=LATER)
    pages = [client.get(address(case)).text]
    while older := re.search(r'hx-get="[^"]*\?(before=[^"#]+)"', pages[-1]):
        pages.append(client.get(f"{address(case)}?{older[1]}").text)

    shown = "".join(pages)
    bubbles = re.findall(r'<p class="bubble">(.*?)</p>', shown, re.DOTALL)
    assert {escape(text.replace("\0", "").strip()) for text in texts} <= set(bubbles)
    assert not re.search(r"<[^>]*\s(on\w+=|href=.?javascript)", shown)
    assert all(' src="/static/' in tag for tag in re.findall(r"<script[^>]*>", shown))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{case.__class__}}", '<a hx-get="/x">']
)
def test_text_is_never_markup_wherever_it_stands(text, shop, people):
    order = sold(merchant=shop)
    order.lines.update(title=text, variant=text)
    Order.objects.filter(pk=order.pk).update(receiver_name=text, external_number=text)
    case = opened(order, by=actor_of(order), description=text)
    decisions.reject(
        case.pk, by=people.merchant, at=NOON + HOUR, reason=RejectReason.objects.get(code="already_shipped"), note=text
    )

    page = seat(people.supervisor).get(address(case)).text

    assert page.count(escape(text)) >= 5
    assert "<" not in text or text not in page


def test_the_buyer_is_masked_until_somebody_asks_which_is_on_record(case, agent):
    client = seat(agent)

    masked = client.get(address(case)).text
    shown = client.post(address(case, "reveal"), {"what": "phone"})

    assert "13812346620" not in masked
    assert "138****6620" in masked
    assert "南京西路 1 号" not in masked
    assert "13812346620" in shown.text
    assert "南京西路 1 号" not in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert Event.objects.get(action="reveal").data == {"revealed": ["phone"]}


@pytest.mark.parametrize("what", ["", "password", "buyer__id"])
def test_only_known_fields_are_revealed(what, case, agent):
    assert seat(agent).post(address(case, "reveal"), {"what": what}).status_code == 403
    assert not Event.objects.filter(action="reveal").exists()


def test_nothing_is_revealed_by_a_link_or_to_who_may_not(case, agent, admin):
    assert seat(agent).get(address(case, "reveal")).status_code == 405
    assert seat(admin).post(address(case, "reveal"), {"what": "phone"}).status_code == 403


def test_another_shop_does_not_find_the_case(case):
    stranger = seat(actor_for(person("stranger", Role.MERCHANT, merchant=MerchantFactory())))

    assert stranger.get(address(case)).status_code == 404
    assert write(stranger, case, "Hello").status_code == 404
    assert stranger.post(address(case, "reveal"), {"what": "phone"}).status_code == 404


def test_a_merchant_is_not_told_of_the_buyers_cases_elsewhere(case, buyer, merchant, supervisor):
    elsewhere = sold(merchant=MerchantFactory(), buyer=case.buyer, unshipped=True)
    other = opened(elsewhere, by=buyer, type=CaseType.REFUND_ONLY)

    assert other.number in seat(supervisor).get(address(case)).text
    assert other.number not in seat(merchant).get(address(case)).text


def test_the_number_of_queries_does_not_grow(shop, agent, merchant):
    small = sold(merchant=shop)
    large = sold(merchant=shop, lines=[(2, 100)] * 30)
    one = opened(small, by=actor_of(small))
    many = opened(large, by=actor_of(large), units={line.pk: 2 for line in large.lines.all()}, description="Many.")
    for number in range(30):
        messages.send(many.pk, f"No. {number}", by=agent, at=NOON + timedelta(minutes=number))
        Event.objects.create(
            case=many, happened_at=NOON, action="extend", role=Role.AGENT, user_id=agent.user_id,
            from_status=many.status, to_status=many.status, version=1, data={"days": 3},
        )  # fmt: skip

    for by in (agent, merchant):
        client = seat(by)
        assert queries_of(client, address(one)) == queries_of(client, address(many))
    assert len(seat(agent).get(address(many)).content) <= 60 * 1024
