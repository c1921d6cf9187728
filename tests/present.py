"""A small shop of the present moment: pages read the real clock, so its goods were signed for two days ago."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from aftersales import sweeps
from aftersales.models import Case
from tests.factories import MerchantFactory, ReturnAddressFactory, opened, sold

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def bought(shop, *, lines=None, unshipped=False, **fields):
    """An order of the last days; signed for unless it is unshipped."""
    now = timezone.now()
    when = {"ordered_at": now - 5 * DAY, "paid_at": now - 5 * DAY}
    if unshipped:
        return sold(merchant=shop, lines=lines, unshipped=True, **when, **fields)
    when |= {"shipped_at": now - 4 * DAY, "signed_at": now - 2 * DAY, "receipt_due_at": now + 8 * DAY}
    return sold(merchant=shop, lines=lines, **when, **fields)


@pytest.fixture
def order(shop):
    """Two units for 100.00 and 10.00 of freight, signed for two days ago."""
    return bought(shop)


@pytest.fixture
def unshipped(shop):
    return bought(shop, unshipped=True)


@pytest.fixture
def asked(order, buyer):
    """A return that was asked for half an hour ago."""
    return opened(order, by=buyer, at=timezone.now() - HOUR / 2)


@pytest.fixture
def other_shop(db):
    """Somebody else's merchant, with an order of its own."""
    return ReturnAddressFactory(merchant=MerchantFactory(code="other", name="Northshore")).merchant


@pytest.fixture
def worker():
    """One turn of the worker and the clock, in this process: `worker()`."""
    return lambda: sweeps.run(timezone.now())


def again(case):
    """The case as the database has it."""
    return Case.objects.get(pk=case.pk)


def picture(name="unit.jpg"):
    """A photo as a file chooser takes it."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}
