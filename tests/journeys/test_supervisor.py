"""A supervisor: the state of things, a ruling, an outage, an import."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.models import Outage, RejectReason
from aftersales.rules.vocabulary import Fault, Status
from orders.models import Order
from tests.aftersales.views.imports.test_order_imports import BAD, GOOD, HEADER
from tests.present import again

pytestmark = pytest.mark.browser


@pytest.fixture
def disputed(asked, merchant, buyer):
    """Rejected, and the buyer asks the platform."""
    reason = RejectReason.objects.get(code="already_shipped")
    decisions.reject(asked.pk, by=merchant, at=timezone.now(), reason=reason)
    return arbitration.escalate(asked.pk, by=buyer, at=timezone.now(), why="两天前才签收")


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_a_supervisor_goes_from_a_number_to_its_cases_and_rules(visitor, language, words, supervisor, disputed, worker):
    worker()
    chief = visitor(language)
    chief.go("/")
    chief.log_in("supervisor")
    chief.is_at("/now/")

    chief.sees("1", "a.tile[href*='view=waiting'] b")
    chief.press("a.tile[href*='view=waiting']")
    chief.press(f"#rows a[href$='/{disputed.number}/']")
    chief.press("a[href$='/rule-for-buyer/']")
    chief.type("#dialog-body [name=ruling]", "签收两天，仍在退货期内，支持买家。")
    chief.press(f"#dialog-body input[name=liable][value='{Fault.MERCHANT}']")
    chief.press("#dialog-body form .form-actions button")
    chief.sees(words("Ruled for the buyer."), "#flash")

    case = again(disputed)
    assert (case.status, case.liable_party) == (Status.AWAITING_RETURN, Fault.MERCHANT)
    assert case.ruling.startswith("签收两天")


def test_a_supervisor_declares_an_outage(visitor, language, words, supervisor, asked, worker):
    due_before = again(asked).due_at
    now = timezone.localtime()
    chief = visitor(language, timezone_id="Asia/Shanghai")
    chief.go("/trouble/outage/")
    chief.log_in("supervisor")

    chief.type("#id_started_at", f"{now - timedelta(minutes=20):%Y-%m-%dT%H:%M}")
    chief.type("#id_ended_at", f"{now:%Y-%m-%dT%H:%M}")
    chief.type("#id_reason", "机房断网")
    chief.press("form[method=get] .form-actions button")
    chief.press("form[method=post][action$='/outage/'] button")
    chief.at("#flash .success").wait_for()
    chief.sees("机房断网", "main table")
    worker()

    outage = Outage.objects.get(reason="机房断网")
    assert outage.applied_at is not None
    assert again(asked).due_at - due_before == timedelta(minutes=20)


def test_a_supervisor_imports_a_file_and_downloads_what_was_rejected(visitor, language, supervisor, shop):
    chief = visitor(language)
    chief.go("/imports/")
    chief.log_in("supervisor")

    chief.at("#id_source").select_option("douyin")
    chief.at("#id_merchant").select_option(str(shop.pk))
    content = ("\ufeff" + HEADER + GOOD + BAD).encode()
    chief.at("#id_tables").set_input_files({"name": "orders.csv", "mimeType": "text/csv", "buffer": content})
    chief.press("form[enctype] button.primary")
    chief.at("#progress progress").wait_for()
    sweeps.run_imports(timezone.now())
    chief.sees("6900000000000000001", "main table")
    chief.press("form[action$='/start/'] button")
    chief.at("#progress progress, #progress [role=progressbar]").first.wait_for()
    sweeps.run_imports(timezone.now())
    chief.at("#progress a[href$='/rejected.csv']").wait_for()
    with chief.page.expect_download() as kept:
        chief.press("#progress a[href$='/rejected.csv']")
    table = kept.value.path().read_text("utf-8-sig")

    assert Order.objects.get().number.endswith("6900000000000000001")
    assert "orders.csv,3," in table
    assert "6900000000000000002" in table
