"""Pictures of the main pages into docs/screens: `make screenshots`. The demo shop in a database of its own."""

import io
import itertools

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from aftersales.models import Case, Policy, User
from aftersales.rules.vocabulary import Status
from orders.models import Order
from tests.browser.chrome import LOCALES, PATIENCE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FOLDER = settings.BASE_DIR / "docs" / "screens"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
COLOURS = 128  # a page has few; the file is a quarter as large
MOST_BYTES = 150 * 1024


def main_case():
    """One with a history: goods are here, photos were taken, somebody is waiting."""
    seen = Case.objects.filter(status=Status.PENDING_MERCHANT, assignee__isnull=False, evidence__isnull=False)
    return (seen.order_by("-events__id").first() or Case.objects.order_by("pk").first()).number


def order_with_cases():
    return Order.objects.filter(cases__isnull=False).order_by("-cases__opened_at").first().number


def repair():
    """One that was looked at, so that the page has something to tell."""
    return Case.objects.filter(status=Status.REPAIRING, repairs__isnull=False).order_by("pk").first().number


def fresh_order():
    """Signed for, and nobody has asked for anything yet."""
    free = Order.objects.filter(cases__isnull=True, signed_at__isnull=False)
    return free.order_by("-ordered_at").first().number


def general_policy():
    return Policy.objects.order_by("pk").first().pk


# name: who looks, at what, whether in every size and theme; the others wide and light, and narrow and dark
PAGES = {
    "case": ("agent", lambda: f"/cases/{main_case()}/", True),
    "queue": ("agent", lambda: "/cases/", True),
    "now": ("supervisor", lambda: "/now/", True),
    "search": ("agent", lambda: "/cases/?q=照片", False),
    "views": ("agent", lambda: "/cases/views/", False),
    "jobs": ("supervisor", lambda: reverse("aftersales:bulk-jobs"), False),
    "peek": ("agent", lambda: f"/cases/{main_case()}/peek/", False),
    "refund": ("agent", lambda: f"/cases/{main_case()}/refund/", False),
    "macros": ("agent", lambda: f"/cases/{main_case()}/macros/", False),
    "replies": ("agent", lambda: "/replies/", False),
    "settings": ("agent", lambda: "/settings/", False),
    "order": ("agent", lambda: f"/orders/{order_with_cases()}/", False),
    "exchange": ("agent", lambda: f"/orders/{fresh_order()}/apply/?type=exchange", False),
    "repair": ("supervisor", lambda: f"/cases/{repair()}/", False),
    "dispatch": ("warehouse", lambda: "/warehouse/?list=dispatch", False),
    "warehouse": ("warehouse", lambda: "/warehouse/", False),
    "finance": ("finance", lambda: "/finance/?list=release", False),
    "approvals": ("supervisor", lambda: "/approvals/", False),
    "imports": ("supervisor", lambda: "/imports/", False),
    "rules": ("agent", lambda: "/rules/", False),
    "policy": ("admin", lambda: f"/admin/aftersales/policy/{general_policy()}/change/", False),
    "login": ("", lambda: "/login/", False),
}


def shots():
    """Name of the page, theme, size."""
    for name, (_who, _path, is_main) in PAGES.items():
        for theme, size in itertools.product(("light", "dark"), (WIDE, NARROW)):
            if is_main or (theme, size) in (("light", WIDE), ("dark", NARROW)):
                yield name, theme, size


@pytest.fixture(scope="package", params=LANGUAGES)
def windows(request, browser, site):
    """A window of each person, all speaking one language."""
    User.objects.update(language=LANGUAGES[request.param])
    opened = {"": stranger(browser, site, request.param)}
    for who in {who for who, _path, _is_main in PAGES.values() if who}:
        opened[who] = stranger(browser, site, request.param).be(who)
    yield request.param, opened
    for window in opened.values():
        window.context.close()


def stranger(browser, site, language):
    context = browser.new_context(locale=LOCALES[LANGUAGES[language]], reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    return Visitor(context, site, language)


@pytest.mark.parametrize(("name", "theme", "size"), list(shots()))
def test_picture(windows, name, theme, size):
    language, opened = windows
    who, path, _is_main = PAGES[name]
    window = opened[who]
    window.page.set_viewport_size(size)
    window.page.emulate_media(color_scheme=theme)

    window.go(path())
    window.page.wait_for_timeout(900)  # counts and faces come by themselves; an open stream is never idle
    target = FOLDER / f"{name}-{size['width']}-{theme}-{language}.png"
    keep(window.page.screenshot(), target)

    assert window.faults == []
    assert target.stat().st_size <= MOST_BYTES


def keep(picture, target):
    """With as many colours as a page needs, and no more bytes than that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
