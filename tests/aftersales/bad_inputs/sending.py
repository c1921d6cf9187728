"""Sends a form with one thing wrong, and looks at the answer and at every sum."""

import uuid

from django.test import Client

from aftersales.models import Case, Refund
from orders.models import Order, OrderLine, Payment
from tests import shared_world
from tests.aftersales.bad_inputs.forms import FORMS

OK = frozenset({200, 302, 409, 422})


class Sender:
    """Sends a form again and again; each time it is taken back."""

    def __init__(self, name, world):
        self.name, self.form, self.world, self.wrong = name, FORMS[name], world, []
        self.client = Client(raise_request_exception=False)
        if self.form.who:
            self.client.force_login(world.users[self.form.who])

    def good(self):
        """What a careful person would send."""
        version = {"version": self.world.cases[self.form.state].version} if self.form.state else {}
        consent = {"consent-channel": "call", "consent-note": "The buyer called."}
        return {"once": str(uuid.uuid4()), **version, **consent, **self.form.data(self.world)}

    def send(self, said, files=None, *, expected=OK, judge=None, **data):
        """Send it; note down when the answer is not among those expected, or the judge objects."""
        data = {**self.good(), **data}
        with shared_world.undone():
            answer = self.client.post(self.form.path(self.world), data | (files or {}))
            objection = judge(answer) if judge and answer.status_code < 500 else ""
        if answer.status_code not in expected | self.form.also or objection:
            self.wrong.append(f"{said!r:.80}: {answer.status_code} {objection or ''}")
        return answer


def money_of(world):
    """Every sum and state that a form could reach."""
    return (
        list(
            Case.objects.order_by("pk").values_list(
                "pk", "status", "version", "requested_amount", "merchant", "assignee", "order"
            )
        ),
        list(OrderLine.objects.order_by("pk").values_list("units_reserved", "amount_reserved", "paid_amount")),
        list(Payment.objects.order_by("pk").values_list("reserved", "settled", "captured")),
        list(Order.objects.order_by("pk").values_list("status", "merchant", "buyer", "paid_amount")),
        list(Refund.objects.order_by("pk").values_list("amount", "status")),
    )
