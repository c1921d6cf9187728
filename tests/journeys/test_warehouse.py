"""The warehouse: scan, count, look at each unit, take a photo, pass."""

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.returns import shipments
from aftersales.models import InspectedUnit
from aftersales.rules.vocabulary import Status
from tests.present import again, picture

pytestmark = pytest.mark.browser


@pytest.fixture
def shipped(asked, merchant, buyer):
    """The goods are on their way back."""
    decisions.approve(asked.pk, by=merchant, at=timezone.now())
    return shipments.ship(asked.pk, by=buyer, at=timezone.now(), carrier="SF", waybill="SF100200300")


def test_the_warehouse_scans_inspects_and_passes_a_return(visitor, language, words, warehouse, shipped, worker):
    line = shipped.lines.get()
    floor = visitor(language)
    floor.go("/")
    floor.log_in("warehouse")
    floor.is_at("/warehouse/")

    floor.type("#scan", "sf100200300")
    floor.at("#scan").press("Enter")
    floor.is_at(f"/warehouse/{shipped.number}/")
    floor.press("form[action$='/receive/'] button.primary")
    floor.sees(words("Received. Now inspect each unit."), "#flash")
    floor.at(f"[name=unit-{line.pk}-1-condition]").select_option("opened")
    floor.at(f"[name=unit-{line.pk}-1-photos]").set_input_files(picture())
    floor.press("button[name=verdict][value=pass]")
    floor.confirm()
    floor.sees(words("Inspection of %(number)s stored.") % {"number": shipped.number}, "#flash")
    worker()

    units = InspectedUnit.objects.filter(case_line=line).order_by("index")
    assert [(unit.condition, unit.is_accepted, unit.photos.count()) for unit in units] == [
        ("opened", True, 1),
        ("as_new", True, 0),
    ]
    assert again(shipped).status == Status.COMPLETED
