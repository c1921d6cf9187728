"""A finding about fault replaces what the reason presumed: freight, fees and their rules follow it."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration, findings
from aftersales.actions.disputes.findings import FaultFound
from aftersales.actions.refunds import calculation
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Policy, Reason
from aftersales.queries.refunds import receivables, refund_preview
from aftersales.rules.refunds import freight
from aftersales.rules.vocabulary import Fault
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, found, picture, refusal, stage
from tests.factories import NOON, opened

BY_FINDING = "finding_says_carrier"
FEE = {"restocking_percent": Decimal(20)}


def payers(finding, *, problem_class, reason_fault, reason_payer, case_type, free):
    return freight.payers(
        problem_class=problem_class,
        fault=reason_fault,
        reason_payer=reason_payer,
        case_type=case_type,
        has_free_freight=free is not None,
        still_free=bool(free),
        finding=finding,
    )


@pytest.mark.parametrize("free", [None, True, False])
@pytest.mark.parametrize("case_type", ["refund_only", "return_refund", "exchange", "repair", "reship"])
@pytest.mark.parametrize("finding", Fault.values)
def test_who_pays_follows_the_finding_whatever_the_reason_presumed(finding, case_type, free):
    said = {
        payers(finding, problem_class=kind, reason_fault=fault, reason_payer=payer, case_type=case_type, free=free)
        for kind in range(1, 8)
        for fault in Fault.values
        for payer in ("buyer", "merchant")
    }

    [found] = said
    assert found.back == ("buyer" if finding in ("buyer", "unresolved") else "merchant")
    assert freight.why(found.rule)


def test_every_rule_of_a_fault_has_its_sentence_for_a_finding():
    by_fault = {"unresolved", "merchant_fault", "carrier_fault", "exchange_by_choice", "free_freight"}
    by_fault |= {"free_freight_lost", "buyer_fault"}

    assert {rule.removeprefix(freight.FOUND) for rule in freight.WHY if rule.startswith(freight.FOUND)} == by_fault


@pytest.fixture
def disputed(order, people):
    Policy.objects.update(**FEE)
    return stage("arbitration", order, people)


def ruled(case, by, liable, at=NOON + 4 * HOUR):
    return arbitration.rule_for_buyer(case.pk, by=by, at=at, ruling="The photo shows it.", liable=liable)


def lines_of(case):
    return [(draft.kind, draft.amount, draft.rule) for draft in calculation.trial(case)]


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["changed_mind", "broken", "sent_late"])
@pytest.mark.parametrize("liable", Fault)
def test_a_restocking_fee_is_withheld_only_where_the_buyer_was_found_at_fault(liable, reason, disputed, supervisor):
    row = Reason.objects.get(code=reason)
    disputed.__class__.objects.filter(pk=disputed.pk).update(reason=row, fault=row.fault)

    case = again(ruled(disputed, supervisor, liable))

    fees = [line for line in lines_of(case) if line[0] == "restocking"]
    assert fees == ([("restocking", Decimal(-20), "found_restocking:20")] if liable == Fault.BUYER else [])
    assert (case.freight_payer == "merchant") == (liable in (Fault.MERCHANT, Fault.CARRIER))
    assert case.freight_rule.startswith(freight.FOUND)
    assert case.events.last().data["liable"] == liable
    assert all(refund_preview.explained(rule) != rule for _kind, _amount, rule in fees)


@pytest.mark.django_db
def test_a_reopened_case_begins_without_what_was_found_before(disputed, supervisor, people):
    case = arbitration.rule_for_merchant(disputed.pk, by=supervisor, at=NOON + 4 * HOUR, ruling="The goods are fine.")
    assert (case.liable_party, case.events.last().data) == ("buyer", {"liable": "buyer"})

    case = decisions.reopen(case.pk, by=supervisor, at=NOON + DAY, why="New photos.")

    case = again(case)
    assert (case.liable_party, case.ruling, case.freight_rule) == ("", "", "buyer_fault")
    assert (case.reject_reason, case.reject_note) == (None, "")


@pytest.mark.django_db
def test_the_finding_of_a_second_round_replaces_that_of_the_first(order, people):
    case = opened(order, by=people.buyer, at=NOON, reason="broken", photos=[picture()])
    first = ruled_after_rejection(case, people, Fault.BUYER, NOON)
    assert first.freight_payer == "buyer"

    decisions.withdraw(case.pk, by=people.buyer, at=NOON + 5 * HOUR)
    decisions.reopen(case.pk, by=people.supervisor, at=NOON + 6 * HOUR, why="New photos.")
    second = ruled_after_rejection(case, people, Fault.MERCHANT, NOON + 6 * HOUR)

    assert (second.liable_party, second.freight_payer) == ("merchant", "merchant")


def ruled_after_rejection(case, people, liable, at):
    decisions.reject(case.pk, by=people.merchant, at=at + HOUR, reason=refusal("goods_fine"), note="It works.")
    arbitration.escalate(case.pk, by=people.buyer, at=at + 2 * HOUR)
    return again(ruled(case, people.supervisor, liable, at + 3 * HOUR))


def passed(case, people, liable, *, why="The box is crushed.", photos=(), at=NOON + DAY):
    line = case.lines.get()
    seen = found(line, 2, condition="used", photos=photos)
    fault = FaultFound(liable, why, len(photos)) if liable else None
    return inspections.pass_inspection(case.pk, seen, by=people.warehouse, at=at, fault=fault)


@pytest.fixture
def inspecting(order, people):
    """A return for a change of mind, here, with a fee of a fifth at the buyer's fault."""
    Policy.objects.update(**FEE)
    return stage("inspecting", order, people)


@pytest.mark.django_db
@pytest.mark.parametrize("liable", [Fault.MERCHANT, Fault.CARRIER])
def test_what_the_inspection_finds_replaces_the_fault_of_the_reason(liable, inspecting, people):
    case = again(passed(inspecting, people, liable))

    assert (case.liable_party, case.freight_payer, case.freight_rule) == (liable, "merchant", f"found_{liable}_fault")
    assert list(case.charges.values_list("kind", "amount")) == [("goods", Decimal(100)), ("freight", Decimal(10))]
    event = case.events.get(action="pass_inspection")
    assert (event.data, event.why) == ({"liable": liable}, "The box is crushed.")


@pytest.mark.django_db
def test_a_buyers_own_damage_brings_the_fee_and_the_way_back_with_their_rules(order, people):
    Policy.objects.update(**FEE)
    case = opened(order, by=people.buyer, reason="broken", photos=[picture()])
    decisions.approve(case.pk, by=people.merchant, at=NOON, return_freight=Decimal(7))
    receipts.receive(case.pk, by=people.warehouse, at=NOON + HOUR, units={case.lines.get().pk: 2}, waybill="SF1")

    with pytest.raises(Refused, match="needs a photo"):
        passed(again(case), people, Fault.BUYER)
    passed(again(case), people, Fault.BUYER, photos=[picture()])

    assert list(again(case).charges.values_list("kind", "amount", "rule")) == [
        ("goods", Decimal(100), ""),
        ("restocking", Decimal(-20), "found_restocking:20"),
        ("return_freight", Decimal(-7), "found_buyer_bears_return"),
    ]
    assert again(case).freight_payer == "buyer"


@pytest.mark.django_db
def test_a_finding_says_what_shows_it_and_none_is_made_by_confirming_the_reason(inspecting, people):
    with pytest.raises(Refused, match="Say what shows"):
        passed(inspecting, people, Fault.CARRIER, why=" ")

    case = again(passed(inspecting, people, Fault.BUYER, why=""))

    assert (case.liable_party, case.freight_rule) == ("", "buyer_fault")


@pytest.mark.django_db
def test_an_inspection_does_not_change_what_the_platform_has_ruled(order, people):
    disputed = stage("arbitration", order, people)
    case = ruled(disputed, people.supervisor, Fault.MERCHANT)
    receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={case.lines.get().pk: 2}, waybill="SF1")

    with pytest.raises(Refused, match="has ruled whose fault"):
        passed(again(case), people, Fault.BUYER, photos=[picture()], at=NOON + 2 * DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(("liable", "claim"), [("carrier", ("carrier_damage", BY_FINDING)), ("buyer", None)])
def test_only_what_the_carrier_is_found_liable_for_is_claimed_on_it(liable, claim, order, people):
    case = opened(order, by=people.buyer, reason="damaged_in_transit", photos=[picture()])
    assert receivables.proposal(case) == ("carrier_damage", "reason_says_damage")

    findings.replace(case, Fault(liable))

    assert receivables.proposal(case) == claim
    assert claim is None or refund_preview.explained(claim[1]) != claim[1]
