"""Twenty different cases from the queue by keyboard alone; two browsers that race lose neither a draft nor a case."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.models import Case, Event, Message, Offer, Outgoing, Skip, User
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Priority
from tests.factories import opened
from tests.present import again, bought

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


@pytest.fixture
def queue(shop):
    """Twenty cases of several types, each of another order, the first ones due first."""
    kinds = (CaseType.RETURN_REFUND, CaseType.EXCHANGE, CaseType.REFUND_ONLY, CaseType.RETURN_REFUND)
    found = []
    for number in range(20):
        kind = kinds[number % len(kinds)]
        order = bought(shop, lines=[(2, 100 + number)], unshipped=kind == CaseType.REFUND_ONLY)
        found.append(opened(order, by=actor.buyer(order.buyer_id), at=timezone.now() - HOUR / 2, type=kind))
        Case.objects.filter(pk=found[-1].pk).update(due_at=timezone.now() + (number + 2) * HOUR)
    return found


class Hands:
    """Somebody who has no mouse."""

    def __init__(self, desk):
        self.desk, self.page, self.keyboard = desk, desk.page, desk.page.keyboard

    def press(self, *keys):
        for key in keys:
            self.keyboard.press(key)

    def is_at(self, case):
        self.desk.is_at(f"/cases/{case.number}/")
        self.keys_are_heard()

    def keys_are_heard(self):
        """Wait until the scripts of the page that came have run; a key pressed before is nobody's."""
        self.page.wait_for_load_state("domcontentloaded")

    def dialog(self, action):
        """Wait for the form that a key has opened."""
        self.desk.at(f"#dialog[open] form[action$='/{action}/']").wait_for()

    def focus_leaves(self):
        self.page.evaluate("document.activeElement.blur()")

    def reply(self, text):
        """R, the text, and send as the button was last used."""
        self.press("r")
        self.keyboard.type(text)
        self.press("Control+Enter")

    def choose_to_go_on(self):
        """Send with the second choice of the split button, once; it is remembered."""
        self.press("r")
        self.keyboard.type("We have received your request.")
        for _turn in range(12):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.matches('#composer summary')"):
                break
        self.press("Enter", "Tab", "Tab", "Enter")

    def agree(self, case):
        self.press("g")
        self.dialog("approve")
        self.press("Control+Enter")
        self.desk.sees("Agreed.", "#flash")
        self.keys_are_heard()

    def send_dialog(self, says):
        """Send the dialog, see what it says, and take the next case."""
        self.press("Control+Enter")
        self.desk.sees(says, "#flash")
        self.keys_are_heard()
        self.press("n")

    def note(self, text):
        self.press("c")
        self.press("r")
        self.keyboard.type(text)
        self.press("Control+Enter")


def answered(hands, queue):
    """Five with a reply, the first of them saying that it goes on; three with a note."""
    hands.is_at(queue[0])
    hands.choose_to_go_on()
    hands.is_at(queue[1])
    for number in range(1, 5):
        hands.reply(f"Dear buyer, this is reply {number}.")
        hands.is_at(queue[number + 1])
    for number in range(5, 8):
        hands.note(f"Note {number} for whoever comes next.")
        hands.is_at(queue[number + 1])


def agreed_or_left(hands, queue):
    """Four are agreed to, two left to others, which leads on."""
    for number in range(8, 12):
        hands.agree(queue[number])
        hands.press("n")
        hands.is_at(queue[number + 1])
    for number in range(12, 14):
        hands.press("Shift+N")
        hands.dialog("skip")
        hands.press("Control+Enter")
        hands.is_at(queue[number + 1])


def ranked_or_offered(hands, queue):
    """Two are ranked, for two less is offered, for one all is given back."""
    for number in range(14, 16):
        hands.press("p")
        hands.dialog("prioritise")
        hands.desk.at("#dialog [name=priority]:checked").focus()
        hands.press("ArrowUp")
        hands.send_dialog("The priority is set.")
        hands.is_at(queue[number + 1])
    for number in range(16, 18):
        hands.press("o")
        hands.dialog("offer")
        hands.keyboard.type("20")
        hands.send_dialog("The offer is with the buyer.")
        hands.is_at(queue[number + 1])
    hands.press("f")
    hands.dialog("refund")
    hands.send_dialog("Submitted.")
    hands.is_at(queue[19])


def test_twenty_different_cases_are_worked_by_keyboard_alone(visitor, agent, agent_user, queue):
    User.objects.filter(pk=agent_user.pk).update(capacity=40)
    hands = Hands(visitor())
    hands.desk.be("agent").go("/cases/")

    hands.press("n")
    answered(hands, queue)
    agreed_or_left(hands, queue)
    ranked_or_offered(hands, queue)
    hands.reply("The last one.")
    hands.desk.is_at("/cases/")  # nobody waits any more

    touched = set(Event.objects.filter(user=agent_user).values_list("case", flat=True))
    assert touched == {case.pk for case in queue}
    assert Outgoing.objects.count() + Message.objects.filter(is_note=False).count() == 6
    assert Message.objects.filter(is_note=True).count() == 3
    assert Case.objects.filter(approved_at__isnull=False).count() == 5
    assert Skip.objects.count() == 2
    assert Case.objects.filter(priority=Priority.HIGH).count() == 2
    assert Offer.objects.count() == 2


def test_a_message_is_taken_back_by_key_and_typed_again(visitor, agent, asked):
    hands = Hands(visitor())
    hands.desk.be("agent").go(f"/cases/{asked.number}/")

    hands.reply("Too early.")
    hands.desk.sees("goes out in", "#thread")
    hands.focus_leaves()
    hands.press("z")
    expect(hands.desk.at("#reply")).to_have_value("Too early.")

    assert not Outgoing.objects.exists()
    assert not Message.objects.exists()


def test_two_browsers_race_for_cases_and_none_is_lost(visitor, agent, agent2, agent_user, queue):
    windows = [Hands(visitor()), Hands(visitor())]
    for hands, name in zip(windows, ("agent", "agent2"), strict=True):
        hands.desk.be(name).go("/cases/")

    for _turn in range(4):
        for hands in windows:
            hands.page.evaluate("document.querySelector('form[action$=\"/claim/\"]').submit()")
        for hands in windows:
            hands.desk.at("#composer").wait_for()
            hands.press("r")
            hands.keyboard.type("mine")
        for hands in windows:
            hands.desk.at("[data-autosaved]:not(:empty)").wait_for()
            hands.desk.go("/cases/")

    claims = list(Event.objects.filter(action="claim").values_list("case", "user"))
    assert len(claims) == len({case for case, _user in claims}) == 8
    for case, user in claims:
        assert again(Case(pk=case)).assignee_id == user
        assert User.objects.get(pk=user).drafts.get(case=case).body == "mine"
