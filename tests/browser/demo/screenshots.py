"""Pictures of every page, wide and narrow, light and dark, in both languages: `make screenshots`, into docs/screens."""

import io

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from aftersales.models import Case, Policy, User
from aftersales.queries.console.bulk import jobs_for
from aftersales.rules.vocabulary import Status
from orders.models import Order
from tests.browser.chrome import LOCALES, PATIENCE, Visitor, pressed

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


def some_of_a_job():
    return f"/cases/bulk/jobs/{jobs_for(User.objects.get(username='supervisor'))[0].pk}/"


def ask_palette(window):
    pressed(window, "Control+k")
    window.at("#palette input").wait_for()
    window.page.keyboard.type("照片")
    window.at("#palette .found mark").first.wait_for()


def look_from_the_list(window):
    pressed(window, "j", "j", " ")
    window.at("#peek-body h2").wait_for()


def select(window):
    pressed(window, "j", "x", "j", "x", "j", "x")
    window.at(".bulk.some").wait_for()


def write_to_many(window):
    select(window)
    window.at(".bulk.some select").select_option("message")
    window.press(".bulk.some button.primary")
    window.at("#dialog [name=reply]").select_option(index=2)
    window.at("#dialog blockquote").wait_for()


def pick_reply(window):
    pressed(window, "/")
    window.at("#picked [role=option]").first.wait_for()


def look_at_macro(window):
    pressed(window, "m")
    window.at("#picked [role=option]").first.wait_for()
    pressed(window, "Enter")
    window.at("#dialog .run").wait_for()


def look_at_photos(window):
    window.at(".evidence .shots a").first.click()
    window.at("#viewer .stage img").first.wait_for()


# name: who looks, at what, and what they press there
PAGES = {
    "case": ("agent", lambda: f"/cases/{main_case()}/"),
    "queue": ("agent", lambda: "/cases/"),
    "now": ("supervisor", lambda: "/now/"),
    "search": ("agent", lambda: "/cases/?q=照片"),
    "nothing-found": ("agent", lambda: "/cases/?q=nothing-is-called-this"),
    "palette": ("agent", lambda: "/cases/", ask_palette),
    "selected": ("agent", lambda: "/cases/?view=open", select),
    "message-to-many": ("agent", lambda: "/cases/?view=open", write_to_many),
    "peek": ("agent", lambda: "/cases/?view=open", look_from_the_list),
    "keys": ("agent", lambda: f"/cases/{main_case()}/", lambda window: pressed(window, "?")),
    "canned": ("agent", lambda: f"/cases/{main_case()}/", pick_reply),
    "macro": ("agent", lambda: f"/cases/{main_case()}/", look_at_macro),
    "photos": ("agent", lambda: f"/cases/{main_case()}/", look_at_photos),
    "agree": ("agent", lambda: f"/cases/{main_case()}/", lambda window: pressed(window, "g")),
    "refund": ("agent", lambda: f"/cases/{main_case()}/refund/"),
    "reject": ("agent", lambda: f"/cases/{main_case()}/reject/"),
    "convert": ("agent", lambda: f"/cases/{main_case()}/convert/"),
    "views": ("agent", lambda: "/cases/views/"),
    "jobs": ("supervisor", lambda: reverse("aftersales:bulk-jobs")),
    "job": ("supervisor", some_of_a_job),
    "replies": ("agent", lambda: "/replies/"),
    "macros": ("agent", lambda: "/replies/macros/"),
    "settings": ("agent", lambda: "/settings/"),
    "tour": ("agent", lambda: "/tour/"),
    "forbidden": ("agent", lambda: "/finance/"),
    "orders": ("agent", lambda: "/orders/"),
    "order": ("agent", lambda: f"/orders/{order_with_cases()}/"),
    "exchange": ("agent", lambda: f"/orders/{fresh_order()}/apply/?type=exchange"),
    "repair": ("supervisor", lambda: f"/cases/{repair()}/"),
    "assign": ("supervisor", lambda: f"/cases/{main_case()}/assign/"),
    "trouble": ("supervisor", lambda: "/trouble/"),
    "tasks": ("supervisor", lambda: "/tasks/"),
    "approvals": ("supervisor", lambda: "/approvals/"),
    "imports": ("supervisor", lambda: "/imports/"),
    "dispatch": ("warehouse", lambda: "/warehouse/?list=dispatch"),
    "warehouse": ("warehouse", lambda: "/warehouse/"),
    "stock": ("warehouse", lambda: "/warehouse/stock/"),
    "parcels": ("warehouse", lambda: "/warehouse/parcels/"),
    "finance": ("finance", lambda: "/finance/?list=release"),
    "owed": ("finance", lambda: "/finance/owed/"),
    "rules": ("agent", lambda: "/rules/"),
    "policy": ("admin", lambda: f"/admin/aftersales/policy/{general_policy()}/change/"),
    "login": ("", lambda: "/login/"),
}
SHOTS = [(name, theme, size) for name in PAGES for theme in ("light", "dark") for size in (WIDE, NARROW)]


@pytest.fixture(scope="package", params=LANGUAGES)
def windows(request, browser, site):
    """A window of each person, all speaking one language."""
    User.objects.update(language=LANGUAGES[request.param])
    opened = {"": stranger(browser, site, request.param)}
    for who in {who for who, *_rest in PAGES.values() if who}:
        opened[who] = stranger(browser, site, request.param).be(who)
    yield request.param, opened
    for window in opened.values():
        window.context.close()


def stranger(browser, site, language):
    context = browser.new_context(locale=LOCALES[LANGUAGES[language]], reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    return Visitor(context, site, language)


@pytest.mark.parametrize(
    ("name", "theme", "size"), SHOTS, ids=lambda part: part if isinstance(part, str) else part["width"]
)
def test_picture(windows, name, theme, size):
    language, opened = windows
    who, path, *acts = PAGES[name]
    window = opened[who]
    window.page.set_viewport_size(size)
    window.page.emulate_media(color_scheme=theme)

    window.go(path())
    for act in acts:
        act(window)
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
