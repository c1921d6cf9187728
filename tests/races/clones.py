"""Many cases at once: copies of one that was made by the verbs, with all rows that belong to it."""

import copy

from django.db.models.base import ModelState

from aftersales.models import Case, CaseLine, Deadline, Event, Refund, Round
from aftersales.models.refunds.refund import new_number
from orders.models import Entry, Order, OrderLine, Payment, Posting


def _copied(row, **changed):
    fresh = copy.copy(row)
    fresh._state = ModelState()
    fresh.pk = None
    for name, value in changed.items():
        setattr(fresh, name, value)
    return fresh


def _each(model, rows, parents, field, **changed):
    """Copies of child rows for every copy of their parent; answers them by (copy, row copied)."""
    pairs = [(number, row) for number in range(len(parents)) for row in rows]
    fresh = model.objects.bulk_create([_copied(row, **{field: parents[number]}, **changed) for number, row in pairs])
    return {(number, row.pk): made for (number, row), made in zip(pairs, fresh, strict=True)}


def cloned(case, count):
    """So many copies of a case, each about an order of its own."""
    order = case.order
    orders = Order.objects.bulk_create(
        _copied(order, number=f"{order.number}-{n}", external_number=f"{order.number}-{n}") for n in range(count)
    )
    lines = _each(OrderLine, list(order.lines.all()), orders, "order")
    payments = _each(Payment, list(order.payments.all()), orders, "order", reference="")
    cases = Case.objects.bulk_create(_copied(case, number=f"{case.number}-{n}", order=orders[n]) for n in range(count))
    CaseLine.objects.bulk_create(
        _copied(row, case=cases[n], order=orders[n], order_line=lines[n, row.order_line_id])
        for n in range(count)
        for row in case.lines.all()
    )
    for model in (Round, Deadline, Event):
        _each(model, list(model.objects.filter(case=case)), cases, "case")
    _clone_refunds(case, orders, cases, payments)
    return cases


def _clone_refunds(case, orders, cases, payments):
    for refund in case.refunds.all():
        made = Refund.objects.bulk_create(
            _copied(refund, number=new_number(), case=each, order=orders[n], payment=payments[n, refund.payment_id])
            for n, each in enumerate(cases)
        )
        for entry in Entry.objects.filter(reference=refund.number):
            entries = Entry.objects.bulk_create(_copied(entry, reference=one.number) for one in made)
            _each(Posting, list(entry.postings.all()), entries, "entry")
