"""Each invariant holds on a desk at work, and is seen when it is broken behind the code's back."""

import json
import shutil
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.disputes import payment_disputes
from aftersales.actions.refunds import approvals, manual_settlement
from aftersales.models.disputes.payment_dispute import DisputeKind
from aftersales.queries.oversight import invariants, outside_invariants
from aftersales.queries.people.actors import actor_for
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Role
from logistics import stock
from orders.gateways import sandbox
from orders.gateways.sandbox import books
from tests import shared_world
from tests.aftersales.commands.breaches import DROP_CHECKS, PLANTS
from tests.factories import NOON, MerchantFactory, ReturnAddressFactory, opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return tmp_path_factory.mktemp("invariants")


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker, places):
    """The desk at work, built once: each test takes back what it breaks."""
    with shared_world.world(django_db_blocker, places):
        yield at_work()


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path, places, standing):
    """Each test has the bank of the desk at work as a copy of its own, and its own folder for photos."""
    settings.SANDBOX_STORE = shutil.copy(places / "sandbox.sqlite3", tmp_path)
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.WAKE_WORKERS = False


@pytest.fixture
def desk(standing, db):
    return standing


def at_work():
    """One case of each kind that matters: waiting, asked about, offered, refunding, failed, paid, withdrawn."""
    shop = MerchantFactory(code="shop")
    ReturnAddressFactory(merchant=shop)
    order = sold(merchant=shop)
    buyer = actor.buyer(order.buyer_id)
    agent = actor_for(person("agent", Role.AGENT))
    merchant = actor_for(person("merchant", Role.MERCHANT, merchant=shop))
    person("supervisor", Role.SUPERVISOR)
    orders = {name: sold(merchant=shop, buyer=order.buyer, lines=[(2, 60)]) for name in ("offered", "gone", "asked")}
    bare = {name: sold(merchant=shop, buyer=order.buyer, unshipped=True) for name in ("paid", "sent", "failed")}
    opened(order, by=buyer)
    case = {name: opened(each, by=buyer) for name, each in orders.items()}
    case |= {name: opened(each, by=buyer, type=CaseType.REFUND_ONLY) for name, each in bare.items()}
    decisions.approve(case["paid"].pk, by=merchant, at=NOON + HOUR)
    sweeps.send_refunds(NOON + HOUR)
    sandbox.set_fault("decline", "1x")
    decisions.approve(case["failed"].pk, by=merchant, at=NOON + HOUR)
    sweeps.send_refunds(NOON + HOUR)
    decisions.approve(case["sent"].pk, by=merchant, at=NOON + HOUR)
    negotiation.offer(case["offered"].pk, by=merchant, at=NOON + HOUR, amount=Decimal(10))
    decisions.withdraw(case["gone"].pk, by=buyer, at=NOON + HOUR)
    approvals.ask(case["asked"].pk, by=agent, at=NOON + HOUR)
    stock.correct(shop.pk, "DRESS-M", 3, why="First count", by_id=None, at=NOON)
    stock.reserve(shop.pk, "DRESS-M", 1, reference=case["gone"].number, at=NOON)
    sweeps.fold_board()
    return case


def run(*arguments):
    """What the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command("check_invariants", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def plant(*statements):
    """Write behind the back of constraints and triggers; the test's transaction takes it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(DROP_CHECKS)
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount, f"nothing was planted by {statement}"


def test_a_desk_at_work_breaks_nothing(desk):
    text, code = run()

    assert code == 0, text
    assert f"{len(invariants.INVARIANTS) + 1} invariants, 0 broken." in text
    assert all(line.strip().startswith("0  ") for line in text.splitlines()[:-1])


def test_every_invariant_is_planted_against():
    assert set(PLANTS) == {invariant.name for invariant in invariants.INVARIANTS}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_breach_is_found(desk, name):
    plant(*PLANTS[name])

    text, code = run("--json")

    broken = {verdict["name"]: verdict["count"] for verdict in json.loads(text) if verdict["count"]}
    assert code == 1
    assert name in broken


def test_a_refund_that_the_bank_paid_otherwise_is_found(desk):
    with books.transaction() as bank:
        bank.execute(
            "INSERT INTO ledger (at, kind, number, merchant, currency, amount)"
            " VALUES ('', 'refund', 'X', 'm', 'CNY', 1)"
        )

    text, code = run("--json")

    found = next(verdict for verdict in json.loads(text) if verdict["name"] == outside_invariants.BANK)
    assert code == 1
    assert (found["count"], found["examples"]) == (1, ["X"])


def test_a_refund_that_the_bank_knows_nothing_of_is_found(desk):
    sandbox.reset()

    text, code = run("--json")

    assert code == 1
    assert next(verdict["count"] for verdict in json.loads(text) if verdict["name"] == outside_invariants.BANK) == 1


def test_money_settled_by_two_people_is_not_asked_of_the_bank(desk, finance, finance2):
    refund = desk["failed"].refunds.get()
    manual_settlement.propose(refund.pk, by=finance, at=NOON + 2 * HOUR, reference="BANK-1")
    manual_settlement.confirm(refund.pk, by=finance2, at=NOON + 2 * HOUR)

    text, code = run()

    assert code == 0, text


def test_money_that_the_buyers_bank_took_is_not_asked_of_the_gateway(desk, finance):
    payment = desk["failed"].refunds.get().payment
    dispute = payment_disputes.begin(
        payment.pk, DisputeKind.DISPUTED, payment.captured, by=finance, at=NOON + 2 * HOUR, reference="CB-1"
    )
    payment_disputes.lose(dispute.pk, by=finance, at=NOON + 3 * HOUR)

    text, code = run()

    assert desk["failed"].refunds.get().chargeback == dispute
    assert code == 0, text


def test_a_photo_without_its_file_is_found(desk, settings):
    settings.EVIDENCE_ROOT.mkdir()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO aftersales_evidence (case_id, round_number, role, name, path, mime_type, size, width, height,"
            " sha256, added_at) SELECT id, 1, 'buyer', 'a.png', 'aa/a.png', 'image/png', 1, 1, 1, '', now()"
            " FROM aftersales_case LIMIT 1"
        )

    text, code = run()

    assert code == 1
    assert f"1  {outside_invariants.FILES}" in text
