"""Texts that should not be in a form: kept and shown as text, or refused in words with what was typed; never a 500."""

import itertools
import json
import uuid
from html import escape

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from aftersales.actions.conversation import outbox
from aftersales.forms.fields import plain
from aftersales.models import Message
from tests import counts, shared_world
from tests.aftersales.bad_inputs.classes import share_of, stands_for_its_kind
from tests.aftersales.bad_inputs.forms import FORMS
from tests.aftersales.bad_inputs.sending import Sender

pytestmark = pytest.mark.django_db
NAUGHTY = site.BASE_DIR.parent / "shared" / "data" / "fuzz" / "blns" / "blns.json"
MARK = "typed-7f3a"
OURS = [
    "\x00",
    "a\x00b",
    "\u202egnp.exe",
    "\u200b\u200b",
    "\ufeff",
    "{{case.__class__}}",
    "{% debug %}",
    "%(number)s %s %d",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<b hx-get='/logout/' hx-trigger='load'>x</b>",
    '<a hx-on:click="alert(1)">x</a>',
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE orders_order; --",
    "👩‍👩‍👧‍👦" * 50,
    "١٢٣",
    "－５",
    "é" * 6000,
    "\r\n\r\nSet-Cookie: a=b",
]


def naughty():
    """Strings that break programs, from a public list; ours in any case."""
    if not NAUGHTY.exists():
        pytest.skip(f"the list of naughty strings is not here: {NAUGHTY}")
    return json.loads(NAUGHTY.read_text())


def test_every_text_field_takes_our_list_of_texts(sender):
    tried = [(name, text) for name in sender.form.texts for text in share_of(OURS, sender.name, name)]
    for name, text in tried:
        answer = sender.send(f"{name}={text}", **{name: MARK + text})
        if answer.status_code == 422 and name not in NOT_SHOWN_AGAIN:
            kept = escape(plain(MARK + text)) in answer.content.decode() or MARK in answer.content.decode()
            sender.wrong += [] if kept else [f"{name}={text!r:.40} is not shown again"]
        if "<script>alert(1)" in answer.content.decode(errors="replace"):
            sender.wrong.append(f"{name}={text!r:.40} is written as it is")


# Choices, passwords and files cannot be shown again: what is no choice has no place in a list of choices.
NOT_SHOWN_AGAIN = frozenset(
    {"source", "merchant", "tables", "password", "reason", "way", "currency", "verdict", "r", "kind"}
)


def test_all_text_fields_together_take_the_public_list_of_texts(world):
    """Each string (one in four of them, in `make test`) is sent once, and each field gets several."""
    fields = itertools.cycle((name, field) for name in sorted(FORMS) for field in FORMS[name].texts)
    senders = {name: Sender(name, world) for name in FORMS}

    for text, (name, field) in zip(naughty()[:: counts.of(sample=4, long=1)], fields, strict=False):
        senders[name].send(f"{name}.{field}={text}", **{field: text})

    wrong = [f"{name}: {each}" for name, sender in senders.items() for each in sender.wrong]
    assert wrong == []


def test_what_was_written_is_shown_and_never_run(world):
    client = Client()
    client.force_login(world.users["agent"])
    case = world.cases["pending_merchant"]
    texts = [text for text in OURS if len(text) < 5000 and plain(text).strip()]

    with shared_world.undone():
        for text in texts:
            client.post(f"/cases/{case.number}/messages/", {"kind": "message", "text": text, "once": str(uuid.uuid4())})
        outbox.send_due(timezone.now() + outbox.UNDO)
        page = client.get(f"/cases/{case.number}/").content.decode()
        stored = set(Message.objects.filter(case=case).values_list("body", flat=True))

    assert {plain(text).strip() for text in texts} <= stored
    for raw in ("<script>alert", "<img src=x", "<b hx-get", "<a hx-on", "\u202e", "\x00"):
        assert raw not in page
    assert escape("{{case.__class__}}") in page


def test_a_text_of_a_megabyte_is_refused_and_kept(sender):
    for name in filter(lambda name: stands_for_its_kind(sender.name, name), sender.form.texts):
        answer = sender.send(f"1 MB in {name}", **{name: MARK + "长" * 350_000})
        if answer.status_code == 302 and sender.name not in (
            "language",
            "theme",
            "inspect",
            "release-many",
            "sandbox-faults",
            "reveal",
        ):
            sender.wrong.append(f"{name}: a megabyte was taken")


ONE_EACH = sorted({FORMS[name].who: name for name in sorted(FORMS, reverse=True)}.values())


# A limit of the server, whatever the form: one that each sort of person sends.
@pytest.mark.parametrize("sender", counts.of(sample=ONE_EACH, long=sorted(FORMS)), indirect=True)
def test_a_form_that_weighs_too_much_is_a_plain_400(sender):
    answer = sender.client.post(sender.form.path(sender.world), {**sender.good(), "text": "x" * 2_200_000})

    assert answer.status_code in (400, 413)
