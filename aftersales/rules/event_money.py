"""What the event of an act on money tells beyond who, when and why."""

from typing import TypedDict


class Amount(TypedDict, total=False):
    """A sum that was offered, asked or paid."""

    amount: str


class OfRefund(Amount, total=False):
    """The refund by its number, what the gateway said, and under what reference it was paid by hand.

    `first` who agreed before, where two of finance had to, else `alone` the sum that one let go. `goods` where they
    were when the money was decided on, and where they were when it was sent again.
    """

    refund: str
    goods: list[str]
    code: str
    message: str
    reference: str
    first: str
    alone: str


class OfDispute(Amount, total=False):
    """The bank's reference of a disputed payment, and whether it was won or lost."""

    reference: str
    outcome: str


class OfReceivable(Amount, total=False):
    """The kind of the receivable; its parcel where a carrier owes it; `first` and `alone` as of refunds."""

    owed: str
    first: str
    alone: str
    reference: str
    waybill: str


class OfInvoiceTask(TypedDict, total=False):
    """The kind of the invoice task and the number of the invoice."""

    invoice_task: str
    reference: str
