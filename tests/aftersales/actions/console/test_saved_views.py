"""Saved views: whose they are, whom they are shared with, which stand as tabs and in which order."""

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions.console import saved_views as actions
from aftersales.actions.console.saved_views import MOST_PINS, Wanted
from aftersales.models import Case, SavedView, Team, User, ViewPin
from aftersales.queries.console import queue, saved_views
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused
from tests.aftersales.many import many
from tests.factories import NOON, opened
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def kept(by, name="Late returns", share="mine", team=None, edits=None, **params):
    wanted = Wanted(name, params or {"view": "open"}, ["what", "due"], share=share, team=team)
    return actions.save(wanted, by=by, at=NOON, view=edits)


def names(views):
    return [view.name for view in views]


def fresh(user):
    """The person without what this process has already read of them."""
    return User.objects.get(pk=user.pk)


def test_a_view_of_ones_own_is_nobody_elses(agent_user, boss):
    view = kept(agent_user)

    assert names(saved_views.visible_to(agent_user)) == ["Late returns"]
    assert names(saved_views.visible_to(boss)) == []
    assert not saved_views.may_change(boss, view)


def test_agents_share_with_their_teams_and_no_further(agent_user, boss):
    desk, night = Team.objects.get(name="Desk"), Team.objects.create(name="Night")
    colleague, stranger = person("colleague", Role.SENIOR), person("stranger", Role.AGENT)
    colleague.teams.add(desk)

    view = kept(agent_user, share="team", team=desk)

    assert names(saved_views.visible_to(colleague)) == names(saved_views.visible_to(boss)) == [view.name]
    assert names(saved_views.visible_to(stranger)) == []
    assert (saved_views.may_change(colleague, view), saved_views.may_change(boss, view)) == (False, True)
    for share, team in (("all", None), ("team", night)):
        with pytest.raises(Refused, match="agents with their own teams"):
            kept(agent_user, name=share, share=share, team=team)


def test_supervisors_share_with_everybody_but_merchants(boss, agent_user, merchant, warehouse):
    view = kept(boss, share="all")

    assert names(saved_views.visible_to(agent_user)) == [view.name]
    assert names(saved_views.visible_to(User.objects.get(pk=warehouse.user_id))) == [view.name]
    assert names(saved_views.visible_to(User.objects.get(pk=merchant.user_id))) == []


def test_merchants_keep_views_and_share_none(merchant):
    user = User.objects.get(pk=merchant.user_id)

    kept(user)

    with pytest.raises(Refused):
        kept(user, name="x", share="all")


def test_others_copy_what_they_can_not_change(boss, agent_user):
    view = kept(boss, share="all", state="inspecting")
    with pytest.raises(Refused, match="copy of your own"):
        kept(agent_user, name="Mine now", edits=view)
    with pytest.raises(Refused):
        actions.delete(view, by=agent_user)

    copies = [actions.copy(view, by=agent_user, at=NOON) for _time in range(2)]

    assert names(copies) == ["Late returns", "Late returns 2"]
    assert {(one.share, one.owner, one.params["state"]) for one in copies} == {("mine", agent_user, "inspecting")}


def test_a_name_is_used_once(agent_user):
    kept(agent_user)

    with pytest.raises(Refused, match="of this name"):
        kept(agent_user)


def test_tabs_have_an_order_of_ones_own(agent_user, boss):
    views = [kept(boss, name=name, share="all") for name in "ABC"]
    for view in views:
        actions.pin(view, by=agent_user)
    actions.pin(views[0], by=agent_user)
    actions.pin(views[2], by=boss)

    actions.move(views[2], -1, by=agent_user)
    actions.move(views[0], -1, by=agent_user)

    assert names(saved_views.pinned(agent_user)) == ["A", "C", "B"]
    assert names(saved_views.pinned(boss)) == ["C"]
    actions.unpin(views[0], by=agent_user)
    assert names(saved_views.pinned(agent_user)) == ["C", "B"]


def test_there_is_a_most_of_tabs_and_those_that_are_gone_do_not_count(agent_user, boss):
    views = [kept(boss, name=str(number), share="all") for number in range(MOST_PINS + 1)]
    for view in views[:-1]:
        actions.pin(view, by=agent_user)
    with pytest.raises(Refused, match="take one away first"):
        actions.pin(views[-1], by=agent_user)

    SavedView.objects.filter(pk=views[0].pk).update(share="mine")
    actions.pin(views[-1], by=agent_user)

    assert names(saved_views.pinned(agent_user)) == [str(number) for number in range(1, MOST_PINS + 1)]


def test_all_tabs_are_counted_in_one_query_for_the_person_who_looks(case, agent_user, boss, django_assert_num_queries):
    many(case, 3, status="inspecting")
    many(case, 2, team=Team.objects.create(name="Night"))
    many(case, 2, assignee=agent_user)
    views = [
        kept(boss, name="all", share="all", view="open"),
        kept(boss, name="desk", share="all", view="desk"),
        kept(boss, name="mine", share="all", view="mine"),
    ]
    user = fresh(agent_user)
    assert user.roles
    assert user.team_ids

    with django_assert_num_queries(1):
        told = saved_views.counts(user, views, NOON)

    assert [told[view.pk] for view in views] == ["6", "6", "2"]
    assert saved_views.counts(fresh(boss), views, NOON)[views[0].pk] == "8"
    for view in views:
        assert told[view.pk] == str(queue.count(user, saved_views.params_of(view), NOON))


@pytest.mark.parametrize(
    "fields",
    [{"share": "team"}, {"share": "mine", "team": True}, {"columns": []}, {"name": ""}],
    ids=["a team without one", "a team too much", "no columns", "no name"],
)
def test_the_database_refuses_views_that_make_no_sense(fields, agent_user):
    fields = {**fields, "team": Team.objects.get(name="Desk")} if fields.get("team") else fields
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(**{"owner": agent_user, "name": "x", "changed_at": NOON, **fields})


def test_a_deleted_view_is_nobodys_tab(boss, agent_user):
    view = kept(boss, share="all")
    actions.pin(view, by=agent_user)

    actions.delete(view, by=boss)

    assert saved_views.pinned(agent_user) == []
    assert not ViewPin.objects.exists()


def numbers_by(sort, user, view="open"):
    """All pages of a list in an order, one after the other."""
    found, after = [], ""
    while True:
        page = queue.page(user, {"view": view, "sort": sort, "after": after}, NOON, size=2)
        found += [row["id"] for row in page.rows]
        after = page.after
        if not after:
            return found


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("due", ["due_at", "id"]),
        ("newest", ["-opened_at", "-id"]),
        ("oldest", ["opened_at", "id"]),
        ("amount", ["-requested_amount", "-id"]),
    ],
)
def test_each_order_pages_through_every_row_once(sort, keys, case, boss):
    for number in range(5):
        many(case, 1, requested_amount=number % 3, opened_at=NOON.replace(hour=number % 2))

    assert numbers_by(sort, boss) == list(Case.objects.order_by(*keys).values_list("pk", flat=True))
