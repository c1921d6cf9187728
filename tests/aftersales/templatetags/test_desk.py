"""What the templates say: states, sums, clocks, masks; and that no page needs what the strict policy forbids."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from posixpath import dirname, normpath

import pytest
import time_machine
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from aftersales.rules.vocabulary import RefundStatus, Status
from aftersales.templatetags import desk, spoken_time
from aftersales.views.buttons import Button
from config.static_files import strip_sheet

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def rendered(source, **context):
    return Template("{% load desk %}" + source).render(Context({"now": NOON, **context}))


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


@pytest.mark.parametrize("status", Status)
def test_every_case_state_is_said_in_words_and_has_a_meaning(status):
    badge = rendered("{% state_badge status %}", status=status)

    assert str(status.label) in badge
    assert desk.CASE_MEANINGS[status] in ("", "acc", "good", "warn", "bad", "mute")


@pytest.mark.parametrize("status", RefundStatus)
def test_every_refund_state_is_said_in_words_and_has_a_meaning(status):
    badge = rendered("{% refund_badge status %}", status=status)

    assert str(status.label) in badge
    assert desk.REFUND_MEANINGS[status] in ("", "acc", "good", "warn", "bad", "mute")


def test_trouble_and_success_do_not_look_alike():
    assert 'class="chip mark bad"' in rendered("{% refund_badge 'failed' %}")
    assert 'class="chip mark good"' in rendered("{% refund_badge 'succeeded' %}")


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("168", "CNY", "en", "¥168.00"),
        ("168", "CNY", "zh-hans", "¥168.00"),
        ("-1234.5", "CNY", "en", "−¥1,234.50"),
        ("10", "USD", "zh-hans", "US$10.00"),
        ("54.9", "BRL", "en", "R$54.90"),
        ("8800", "JPY", "en", "JP¥8,800"),
    ],
)
def test_money_is_written_for_its_reader(amount, currency, language, text):
    with translation.override(language):
        shown = rendered("{% money amount currency %}", amount=Decimal(amount), currency=currency)

    assert f">{text}<" in shown


def test_an_amount_that_is_not_known_is_a_dash():
    assert rendered("{% money amount 'CNY' %}", amount=None) == '<span class="money">–</span>'


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under 1 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (11524, "3 h 12 min"),
        (86400, "1 d"),
        (86400 + 4 * 3600 + 59, "1 d 4 h"),
        (-1100, "18 min"),
    ],
)
def test_a_length_of_time_has_at_most_two_units(seconds, text):
    assert spoken_time.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "shade"),
    [(-1, "is-over"), (0, "is-now"), (3600, "is-now"), (3601, "is-soon"), (14400, "is-soon"), (14401, "is-calm")],
)
def test_a_clock_is_as_loud_as_it_is_near(seconds, shade):
    assert spoken_time.urgency(seconds) == shade


@pytest.mark.parametrize(
    ("left", "look", "text"),
    [
        (timedelta(hours=3, minutes=12, seconds=4), "chip", "3 h 12 min"),
        (timedelta(hours=3, minutes=12, seconds=4), "long", "3 h 12 min left"),
        (timedelta(hours=3, minutes=12, seconds=4), "loud", "3:12:04"),
        (timedelta(minutes=-18), "chip", "18 min over"),
        (timedelta(minutes=-18), "loud", "0:18:00"),
        (timedelta(days=2, hours=1), "loud", "2 d 1 h"),
    ],
)
def test_a_clock_says_what_is_left_or_over(left, look, text):
    shown = rendered("{% clock due look=look %}", due=NOON + left, look=look)

    assert f">{text}</time>" in shown
    assert f'datetime="{(NOON + left):%Y-%m-%dT%H:%M:%SZ}"' in shown
    assert " data-due" in shown


def test_a_clock_without_an_instant_in_the_page_reads_the_server_s():
    shown = Template("{% load desk %}{% clock due %}").render(Context({"due": NOON + timedelta(minutes=5)}))

    assert ">5 min<" in shown


def test_a_paused_clock_does_not_tick():
    shown = rendered("{% clock due look='long' paused=kept %}", due=NOON, kept=timedelta(hours=30))

    assert "paused, 1 d 6 h kept" in shown
    assert "is-paused" in shown
    assert "data-due" not in shown


def test_the_clock_card_says_what_happens_and_how_much_is_used():
    card = render_to_string(
        "components/case/clock.html",
        {
            "now": NOON,
            "due_at": NOON + timedelta(hours=12),
            "started_at": NOON - timedelta(hours=36),
            "says": "Approves by itself at midnight",
            "basis": "48 h, policy v7",
        },
    )

    assert "12:00:00" in card
    assert "Approves by itself at midnight" in card
    assert "48 h, policy v7" in card
    assert 'value="75"' in card


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=-2), "in 2 h"),
        (timedelta(days=30), "8 Feb, 12:00"),
        (timedelta(days=100), "30 Nov 2025, 12:00"),
    ],
)
def test_an_instant_is_relative_for_a_week_then_a_date(ago, text):
    shown = rendered("{% when at %}", at=NOON - ago)

    assert f">{text}</time>" in shown
    assert 'title="' in shown


def test_today_needs_no_date():
    assert desk.moment(NOON + timedelta(hours=2, minutes=5)) == "14:05"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800006620", "138****6620"),
        ("+86 138 0000 6620", "138****6620"),
        ("010-6552-9988", "010****9988"),
        ("6552 9988", "****9988"),
        ("12345", "*****"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_a_phone_shows_its_tail_only(phone, shown):
    assert desk.mask_phone(phone) == shown


@pytest.mark.parametrize(("name", "shown"), [("张晓梅", "张**"), ("Alice", "A***"), (" 李 ", "李**"), ("", "–")])
def test_a_name_shows_its_first_sign(name, shown):
    assert desk.mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("浙江省杭州市西湖区文三路 12 号", "浙江省杭州市西湖区***"),
        ("上海市浦东新区世纪大道 1 号", "上海市浦东新区***"),
        ("江苏省苏州市昆山市玉山镇 8 号", "江苏省苏州市***"),
        ("广东省东莞市南城街道阳光小区 5 栋", "广东省东莞市***"),
        ("12 High Street, Ashford, Kent, UK", "***, Kent, UK"),
        ("12 High Street", "***"),
        ("", "–"),
    ],
)
def test_an_address_ends_at_its_district(address, shown):
    assert desk.mask_address(address) == shown


def test_the_parts_of_a_bar_share_its_scale():
    parts = [{"label": "new", "value": 30, "meaning": "acc"}, {"label": "old", "value": 10, "meaning": "bad"}]

    drawn = rendered("{% stacked_bar parts 80 'Backlog' %}", parts=parts)

    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', drawn) == [("0.0", "375.0"), ("375.0", "125.0")]
    assert 'aria-label="Backlog"' in drawn


def test_a_bar_of_nothing_is_empty():
    parts = [{"label": "new", "value": 0, "meaning": "acc"}]

    assert 'width="0.0"' in rendered("{% stacked_bar parts 0 'Backlog' %}", parts=parts)


def test_what_people_typed_stays_text():
    entry = {"kind": "buyer", "who": "<b>", "at": NOON, "text": "<script>alert(1)</script>"}

    shown = render_to_string("components/case/timeline_entry.html", {"entry": entry, "now": NOON})

    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in rendered("{% icon 'clock' %}")
    assert 'aria-label="Clock"' in rendered("{% icon 'clock' label='Clock' %}")


def test_actions_that_are_not_possible_say_why():
    shown = render_to_string(
        "components/case/next_step.html",
        {
            "primary": Button("Agree", "/agree/", "g", css="primary", is_dialog=True),
            "unavailable": [{"label": "Refund", "reason": "The goods are not back yet."}],
        },
    )

    assert '<a class="btn primary" href="/agree/" hx-get="/agree/"' in shown
    assert "<kbd" in shown
    assert "The goods are not back yet." in shown


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resort_pages_stand_without_any_context(name, settings):
    settings.STORAGES = {"staticfiles": {"BACKEND": "nowhere.Missing"}}

    shown = render_to_string(name)

    assert "<h1>" in shown


@pytest.mark.parametrize("name", ["403.html", "404.html", "409.html", "422.html", "429.html"])
def test_error_pages_say_what_happened_and_offer_a_way_on(name):
    shown = render_to_string(name)

    assert re.search(r"<h1>\s*\S", shown)
    assert 'class="btn primary" href="/' in shown


INLINE = re.compile(
    r'\sstyle="|<style|\shx-on|\son[a-z]+="|javascript:|"js:|<script(?![^>]*\ssrc=)'  # what the strict policy forbids
)


def test_no_template_needs_an_inline_style_or_script():
    assert TEMPLATES
    assert [path.name for path in TEMPLATES if INLINE.search(path.read_text())] == []


def test_sheets_and_scripts_load_nothing_from_elsewhere():
    assets = [*(settings.BASE_DIR / "static").rglob("*.css"), *(settings.BASE_DIR / "static").rglob("*.js")]

    assert assets
    for asset in assets:
        assert not re.search(r"https?://|url\(data:|\beval\(|new Function", asset.read_text()), asset.name


def test_every_sheet_is_in_the_one_entry_or_belongs_to_some_pages_or_is_worn_when_it_is_wanted():
    css, js = settings.BASE_DIR / "static" / "css", settings.BASE_DIR / "static" / "js"
    scripts = "".join(path.read_text() for path in js.rglob("*.js"))
    rare = [f"{name}.css" for name in set(re.findall(r'wear\("([\w/]+)"\)', scripts))]
    sheets = sorted(path.relative_to(css).as_posix() for path in css.rglob("*.css") if path.name != "desk.css")

    entry = (css / "desk.css").read_text()
    pages = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    linked = set(re.findall(r"static 'css/([^']+)'", pages))

    assert sorted([*re.findall(r'url\("([^"]+)"\)', entry), *(linked - {"desk.css"}), *rare]) == sheets


def test_what_a_case_page_loads_stays_small():
    """At most 100 kB of style and script together, apart from htmx; what is rarely wanted is loaded when it is."""
    static, seen = settings.BASE_DIR / "static", set()

    def size(name):
        if name in seen:
            return 0
        seen.add(name)
        text = (static / "js" / name).read_text()
        parts = re.findall(r'(?:from|import) "(\.[^"]+)"', text)
        return len(text.encode()) + sum(size(normpath(f"{dirname(name)}/{part}").lstrip("/")) for part in parts)

    sheets = ["desk.css", *re.findall(r'url\("([^"]+)"\)', (static / "css" / "desk.css").read_text())]
    style = sum(len(strip_sheet((static / "css" / name).read_text()).encode()) for name in sheets)

    assert style + size("desk.js") + size("console/live.js") <= 100_000
