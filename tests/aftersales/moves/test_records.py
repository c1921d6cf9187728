"""Every record of a move is complete: what the product says and does with it can be derived."""

import pytest

from aftersales import moves
from aftersales.models import Case
from aftersales.moves import approving, deciding, disputing, paying, repairing, replacing, reshaping, returning
from aftersales.moves.record import PARTIES, About, Move, Place
from aftersales.queries.cases import possible_moves
from aftersales.queries.console import bulk
from aftersales.rules.conversation.tools import StepKind
from aftersales.rules.guards import Guard
from aftersales.rules.policies import clocks
from aftersales.rules.vocabulary import Role, Status
from aftersales.views.cases.moves import ACTIONS

MOVES = pytest.mark.parametrize("move", moves.MOVES, ids=lambda move: move.name)
BY_MACHINE = frozenset({Role.CLOCK, Role.POLICY, Role.CARRIER, Role.GATEWAY})
FIRED = {clock.action for clock in clocks.CLOCKS.values()}


@MOVES
def test_a_move_says_who_and_from_where_and_how_it_is_called(move):
    assert move.label and move.who and move.sources
    assert set(move.sources) | set(move.targets) | set(move.leads) <= set(Status)


@MOVES
def test_a_move_says_what_the_record_of_the_case_shows(move):
    assert move.said
    assert not move.said_by_clock or Role.CLOCK in move.who
    assert not move.label_of_clock or move.name in FIRED


@MOVES
def test_a_move_with_several_targets_decides_between_them(move):
    assert (move.decide is not None) == (len(move.targets) > 1)


@MOVES
def test_a_move_that_leads_somewhere_is_a_transition_of_the_case_and_no_other_is(move):
    assert hasattr(getattr(Case, move.name, None), "_django_fsm") == bool(move.targets)


@MOVES
def test_a_move_of_people_has_a_form_or_a_page(move):
    by_people = bool(move.who - BY_MACHINE) and move.place != Place.NOWHERE

    assert (move.name in ACTIONS) == (by_people and move.place == Place.STEPS)
    assert bool(move.done) == (move.name in ACTIONS)


@MOVES
def test_a_move_leads_only_where_it_can_be_made(move):
    assert set(move.leads) <= set(move.sources)


@MOVES
def test_a_move_tells_both_parties_or_nobody(move):
    assert move.tells in (PARTIES, ())
    assert not (move.is_internal and move.tells)


@MOVES
def test_guards_carry_the_sentence_that_the_rules_show(move):
    assert all(isinstance(guard, Guard) and guard.condition for guard in move.guards)


def test_what_is_done_beside_the_chart_has_a_form_too():
    beside = {act.name for act in moves.ACTS if act.place == Place.BESIDE}

    assert beside == set(ACTIONS) - set(moves.CHART)
    assert all(moves.EVERY[name].label and moves.EVERY[name].done for name in beside)


def test_no_two_records_have_one_name_or_one_key():
    every = [*moves.MOVES, *moves.ACTS]
    keys = [act.key for act in every if act.key]

    assert len(moves.EVERY) == len(every)
    assert len(set(keys)) == len(keys)


def test_every_record_of_a_part_is_in_the_list():
    parts = [approving, deciding, disputing, paying, repairing, replacing, reshaping, returning]
    written = {each for part in parts for each in vars(part).values() if isinstance(each, Move)}

    assert written == set(moves.MOVES)


def test_what_leads_on_is_ordered_by_its_rank():
    assert possible_moves.LEADING[Status.PENDING_MERCHANT][:2] == [approving.ALLOW, deciding.APPROVE]
    assert possible_moves.LEADING[Status.AWAITING_RETURN] == [returning.SHIP_RETURN, returning.RECEIVE]
    for move in moves.MOVES:
        ranks = [[other.leads.get(status) for other in moves.MOVES].count(rank) for status, rank in move.leads.items()]
        assert ranks == [1] * len(ranks)


def test_who_moves_money_says_anew_who_they_are():
    """What finance or admins alone do, and each act on money; a second opinion on the records."""
    alone = {name for name, act in moves.EVERY.items() if act.who and act.who <= {Role.FINANCE, Role.ADMIN}}
    about = {act.name for act in moves.ACTS if act.about == About.MONEY and act.who}
    asking = moves.where(lambda act: act.asks_anew)

    # The bank is a toy; a claim and a task of the invoice move nothing yet.
    assert (alone - {"sandbox"}) | (about - {"claim_carrier", "claim_return_freight", "finish_invoice_task"}) <= asking
    assert {"rule_for_buyer", "rule_for_merchant", "allow"} <= asking


def test_what_runs_without_its_person_never_asks_who_they_are():
    """Acts for many and macros are done by the worker, or as steps: nobody could answer."""
    for act in (*bulk.RIGHTS.values(), *(moves.EVERY[kind] for kind in StepKind.values if kind in moves.EVERY)):
        assert not act.asks_anew
