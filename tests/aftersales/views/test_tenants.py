"""Every address × every role × somebody else's object: 404, or 403 where the page is not theirs; nothing leaks."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.returns import shipments
from aftersales.models import Case, Event, Message, Submission
from aftersales.queries.people.actors import actor_for
from aftersales.rules.permissions import PAGES
from aftersales.rules.vocabulary import Role
from tests import shared_world
from tests.aftersales import tenants
from tests.aftersales.tenants import FOR_ALL, RULES, SEES_ALL, UNNAMED
from tests.aftersales.two_shops import STAFF, imported, leaks, ours_and_theirs, parameters
from tests.factories import opened
from tests.people import trusted
from tests.present import bought

pytestmark = pytest.mark.django_db
REFUSED = {403, 404, 405}
# Fields of many forms at once: whichever form is behind an address, this could pass as its content.
ANYTHING = {
    "text": "x", "kind": "message", "why": "x", "answer": "x", "ruling": "x", "liable": "merchant", "amount": "1",
    "type": "refund_only", "waybill": "SF1", "verdict": "allow", "what": "phone", "reference": "x", "version": "1",
    "once": "6c1f3f43-3f7c-4d7e-8f9a-0a1b2c3d4e5f",
}  # fmt: skip
OBJECTS = sorted(name for name, rule in RULES.items() if rule.foreign)
LISTS = sorted(name for name, rule in RULES.items() if not rule.foreign)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return tmp_path_factory.mktemp("tenants")


@pytest.fixture(scope="module")
def two_shops(django_db_setup, django_db_blocker, places):
    with shared_world.world(django_db_blocker, places):
        world = ours_and_theirs()
        world.theirs.run = imported(world.theirs)
        yield world


@pytest.fixture(autouse=True)
def own_places(settings, places):
    settings.EVIDENCE_ROOT, settings.WAKE_WORKERS = places, False


@pytest.fixture
def world(two_shops, db):
    return two_shops


def seat(user):
    client = Client()
    client.force_login(user)
    return client


def both(client, address):
    """What reading and what writing answers."""
    return [client.get(address), client.post(address, ANYTHING)]


def done_by(world):
    """All that a request could have changed about the others."""
    theirs = [case.pk for case in world.theirs.cases]
    return (
        list(Case.objects.filter(pk__in=theirs).order_by("pk").values_list("version", "status", "assignee")),
        Event.objects.filter(case__in=theirs).count(),
        Message.objects.filter(case__in=theirs).count(),
        Submission.objects.count(),
    )


def test_every_address_has_a_rule():
    named = set(tenants.addresses())

    assert named - FOR_ALL - UNNAMED - set(RULES) == set(), "say in tests/aftersales/tenants.py whose page this is"
    assert set(RULES) - named == set(), "no longer there"


@pytest.mark.parametrize("role", [role for role in STAFF if role not in SEES_ALL])
def test_what_belongs_to_others_is_not_there(world, role):
    client, wrong = seat(world.ours.people[role]), []
    before = done_by(world)

    for name in OBJECTS:
        rule = RULES[name]
        if role in rule.serves_all:
            continue
        expected = {404, 405} if tenants.has_page(role, rule) else {403, 405}
        address = reverse(name, args=rule.foreign(world.theirs))
        answers = both(client, address)
        statuses = [answer.status_code for answer in answers]
        found = [leak for answer in answers for leak in leaks(answer, world.theirs.secrets) if leak not in address]
        if not set(statuses) <= expected or statuses == [405, 405] or found:
            wrong.append(f"{name}: {statuses} {found}")

    assert wrong == []
    assert done_by(world) == before


@pytest.mark.parametrize("role", STAFF)
def test_what_does_not_exist_is_not_there(world, role):
    client, wrong = seat(world.ours.people[role]), []

    for name in OBJECTS:
        statuses = [answer.status_code for answer in both(client, reverse(name, args=RULES[name].missing))]
        expected = {404, 405} if tenants.has_page(role, RULES[name]) else {403, 405}
        if not set(statuses) <= expected:
            wrong.append(f"{name}: {statuses}")

    assert wrong == []


@pytest.mark.parametrize("role", STAFF)
def test_lists_are_only_for_their_roles_and_show_only_their_own(world, role):
    client, wrong = seat(world.ours.people[role]), []

    for name in LISTS:
        answers = both(client, reverse(name))
        statuses = {answer.status_code for answer in answers}
        allowed = {200, 204, 302, 405, 422} if tenants.has_page(role, RULES[name]) else {403, 405}
        fits = statuses <= allowed
        found = [] if role in SEES_ALL else [leak for answer in answers for leak in leaks(answer, world.theirs.secrets)]
        if not fits or found:
            wrong.append(f"{name}: {statuses} {found}")

    assert wrong == []


@pytest.mark.parametrize("role", [role for role in STAFF if role in SEES_ALL])
def test_other_peoples_pages_are_forbidden_to_those_who_see_every_case(world, role):
    client, wrong = seat(world.ours.people[role]), []

    for name in OBJECTS:
        if not tenants.has_page(role, RULES[name]):
            statuses = {
                answer.status_code for answer in both(client, reverse(name, args=RULES[name].foreign(world.theirs)))
            }
            if not statuses <= {403, 405}:
                wrong.append(f"{name}: {statuses}")

    assert wrong == []


@pytest.fixture
def sent_back(world, supervisor):
    """A return of theirs with a waybill that people could search for."""
    world.theirs.waybill = "SF900800700"
    order = bought(world.theirs.merchant, buyer=world.theirs.buyer, number="8-ORDER-9")
    at = timezone.now()
    case = opened(order, by=supervisor, at=at)
    merchant = trusted(actor_for(world.theirs.people[Role.MERCHANT]))
    decisions.approve(case.pk, by=merchant, at=at)
    shipments.ship(case.pk, by=merchant, at=at, carrier="SF", waybill=world.theirs.waybill)
    world.theirs.secrets += [case.number, order.number, world.theirs.waybill]
    return world


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.MERCHANT])
def test_no_parameter_and_no_search_shows_what_belongs_to_others(sent_back, role):
    theirs, client = sent_back.theirs, seat(sent_back.ours.people[role])
    pages = [name for name in ("cases", "orders", "warehouse") if role in PAGES[name]]
    wrong = []

    for page in pages:
        for asked in parameters(theirs):
            answer = client.get(reverse(f"aftersales:{page}"), asked)
            said = " ".join(str(value) for value in asked.values())
            secrets = [secret for secret in [*theirs.secrets, theirs.merchant.name] if secret not in said]
            found = leaks(answer, secrets)
            if answer.status_code != 200 or found:
                wrong.append(f"{page} {asked}: {answer.status_code} {found}")

    assert wrong == []


def test_the_same_search_finds_it_for_those_it_belongs_to(sent_back):
    theirs = sent_back.theirs
    client = seat(theirs.people[Role.AGENT])

    answer = client.get(reverse("aftersales:cases"), {"view": "all", "merchant": theirs.merchant.pk})

    assert set(leaks(answer, [case.number for case in theirs.cases])) == {case.number for case in theirs.cases}


@pytest.mark.parametrize("role", [Role.AGENT, Role.MERCHANT])
def test_the_pages_of_a_buyer_of_both_shops_show_one_shop(world, role):
    client = seat(world.ours.people[role])
    case, order = world.ours.cases[-1], world.ours.orders[-1]

    answers = [client.get(f"/cases/{case.number}/"), client.get(f"/orders/{order.number}/")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [leaks(answer, world.theirs.secrets) for answer in answers] == [[], []]


def test_a_photo_of_others_is_not_served_through_ones_own_case(world):
    client = seat(world.ours.people[Role.MERCHANT])

    own = client.get(reverse("aftersales:case-photo", args=[world.ours.case.number, world.ours.photo.pk]))
    foreign = client.get(reverse("aftersales:case-photo", args=[world.ours.case.number, world.theirs.photo.pk]))

    assert (own.status_code, foreign.status_code) == (200, 404)


def test_strangers_are_led_to_the_login(client, world):
    wrong = []

    for name, rule in RULES.items():
        address = reverse(name, args=rule.foreign(world.theirs) if rule.foreign else [])
        for answer in both(client, address):
            is_led = answer.status_code == 302 and answer["Location"].startswith(reverse("login"))
            if not (is_led or answer.status_code == 405) or leaks(
                answer, set(world.theirs.secrets) - set(address.split("/"))
            ):
                wrong.append(f"{name}: {answer.status_code} {answer.headers.get('Location')}")

    assert wrong == []
    assert client.get(reverse("login")).status_code == 200


@pytest.mark.parametrize("role", [role for role in STAFF if role != Role.ADMIN])
def test_the_admin_is_only_for_admins(world, role):
    client, wrong = seat(world.ours.people[role]), []

    for name in admin_lists():
        for answer in both(client, reverse(f"admin:{name}")):
            if answer.status_code != 302 or not answer["Location"].startswith(reverse("admin:login")):
                wrong.append(f"{name}: {answer.status_code}")

    assert len(admin_lists()) > 10
    assert wrong == []


def admin_lists():
    entry = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "admin")
    return [
        name for name in entry.reverse_dict if isinstance(name, str) and name.endswith(("_changelist", "_add", "index"))
    ]
