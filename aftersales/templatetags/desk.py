"""The console's vocabulary in templates: icons, chips, badges, money, clocks, moments, masks, bars."""

import re
from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from aftersales.models.people.staff import Times
from aftersales.rules.vocabulary import RefundStatus, Status
from aftersales.templatetags import spoken_time
from aftersales.templatetags.icons import icon, icon_symbols, icon_use
from orders.money import format_amount

register = template.Library()
for tag in (icon, icon_symbols, icon_use):
    register.simple_tag(tag)

NOTHING: Final = "–"
PASSING: Final = "\N{NULL}"  # no text of ours holds it
RELATIVE_FOR = timedelta(days=7)

# acc: somebody here acts · good: done · warn: look before you go on · bad: trouble · "": others act · mute: over.
CASE_MEANINGS: Final[dict[str, str]] = {
    Status.PENDING_MERCHANT: "acc",
    Status.PENDING_BUYER: "",
    Status.REJECTED: "warn",
    Status.INTERCEPTING: "",
    Status.AWAITING_RETURN: "",
    Status.RETURN_IN_TRANSIT: "",
    Status.INSPECTING: "acc",
    Status.REPAIRING: "acc",
    Status.AWAITING_DISPATCH: "acc",
    Status.AWAITING_RECEIPT: "",
    Status.REFUNDING: "acc",
    Status.REFUND_FAILED: "bad",
    Status.ARBITRATION: "bad",
    Status.SUSPENDED: "warn",
    Status.COMPLETED: "good",
    Status.CLOSED: "mute",
}
REFUND_MEANINGS: Final[dict[str, str]] = {
    RefundStatus.DRAFT: "mute",
    RefundStatus.AWAITING_RELEASE: "warn",
    RefundStatus.QUEUED: "",
    RefundStatus.SENDING: "acc",
    RefundStatus.ACCEPTED: "acc",
    RefundStatus.SUCCEEDED: "good",
    RefundStatus.FAILED: "bad",
    RefundStatus.UNKNOWN: "warn",
    RefundStatus.REVERSED: "bad",
    RefundStatus.CANCELLED: "mute",
}

# Down to 区, 县 or 旗, else to 市; a 小区 is a housing estate, a 超市 a shop.
_CHINESE_DISTRICT: Final = re.compile(r"^.{0,24}?(?<![小社])[区县旗](?=.)|^.{0,16}?(?<![超菜门])市(?=.)")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


@register.simple_tag(takes_context=True)
def drawn(context: Context, template_name: str, it: Hashable, at: datetime | None = None) -> SafeString:
    """A template with nothing but `it`, drawn once for equal content in a language; lists show the same rows again.

    Where the template has `{{ moment }}` stands what passes: how long ago `at` was.
    """
    passing = when(context, at) if at else ""
    return SafeString(_drawn_once(template_name, it, get_language()).replace(PASSING, passing))


@register.simple_tag(takes_context=True)
def drawn_each(context: Context, template_name: str, rows: Iterable[Any]) -> SafeString:
    """The same for rows, each with its `cells` and a moment that passes: the clock of `due_at`, or `closed_at`."""
    language, parts = get_language(), list[str]()
    for row in rows:
        passing = clock(context, row.due_at) if row.due_at else when(context, row.closed_at) if row.closed_at else ""
        parts.append(_drawn_once(template_name, row.cells, language).replace(PASSING, passing))
    return SafeString("\n".join(parts))


@lru_cache(maxsize=2048)
def _drawn_once(template_name: str, it: Hashable, _language: str | None) -> SafeString:
    return SafeString(get_template(template_name).render({"it": it, "moment": SafeString(PASSING)}))


@register.simple_tag
def chip(text: object, meaning: str = "", icon_name: str = "", title: str = "") -> SafeString:
    """A short fact in a pill; `meaning` is acc, good, warn, bad, mute or nothing."""
    drawn = icon(icon_name, 16) if icon_name else ""
    mark = "" if icon_name or not meaning else "mark"
    return format_html(
        '<span class="{}"{}>{}{}</span>', _classes("chip", mark, meaning), _attribute("title", title), drawn, text
    )


@register.simple_tag
def state_badge(status: str) -> SafeString:
    """The state of a case in words, shape and colour."""
    return _state_badge(str(status), get_language())


@lru_cache(maxsize=128)
def _state_badge(status: str, _language: str | None) -> SafeString:
    return _badge(Status(status).label, CASE_MEANINGS[status])


@register.simple_tag
def refund_badge(status: str) -> SafeString:
    """The state of a refund in words, shape and colour."""
    return _badge(RefundStatus(status).label, REFUND_MEANINGS[status])


@register.simple_tag
def money(amount: Decimal | None, currency: str, css: str = "") -> SafeString:
    """An amount as the reader's language writes it, with a true minus; a dash where there is none."""
    if amount is None:
        return format_html('<span class="money">{}</span>', NOTHING)
    text = format_amount(amount, currency, get_language() or "en").replace("-", "\N{MINUS SIGN}", 1)
    return format_html('<span class="{}">{}</span>', _classes("money", "minus" if amount < 0 else "", css), text)


@register.simple_tag(takes_context=True)
def clock(context: Context, due_at: datetime, look: str = "chip", paused: timedelta | None = None) -> SafeString:
    """Time left until `due_at`, or past it: a chip, `look="long"` for a phrase, `look="loud"` for figures."""
    seconds = int((paused or due_at - _now(context)).total_seconds())
    urgency = "is-paused" if paused else spoken_time.urgency(seconds)
    text = spoken_time.clock_text(seconds, look, paused=bool(paused))
    return _clock(due_at, look, urgency, text, moment(due_at), get_language())


@lru_cache(maxsize=4096)
def _clock(due_at: datetime, look: str, urgency: str, text: str, due: str, _language: str | None) -> SafeString:
    return format_html(
        '<time class="{}" datetime="{}" title="{}"{}{}>{}</time>',
        _classes("clock", "chip" if look == "chip" else "", urgency),
        due_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        _("due %(moment)s") % {"moment": due},
        "" if urgency == "is-paused" else SafeString(" data-due"),
        "" if look == "chip" else _attribute("data-clock", look),
        text,
    )


@register.simple_tag(takes_context=True)
def clock_side(context: Context, due_at: datetime) -> str:
    """The word beside the loud figures: left, or over."""
    return spoken_time.left() if due_at > _now(context) else spoken_time.over()


@register.simple_tag(takes_context=True)
def elapsed_percent(context: Context, started_at: datetime, due_at: datetime) -> int:
    """How much of a deadline is used, 0 to 100."""
    whole = (due_at - started_at).total_seconds()
    used = (_now(context) - started_at).total_seconds()
    return max(0, min(100, round(100 * used / whole))) if whole > 0 else 100


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> SafeString:
    """An instant relative to now, its date beyond a week; the exact local time is its title.

    Who wants the clock first reads that, and how long ago it was in the title.
    """
    if at is None:
        return format_html("{}", NOTHING)
    ago = _now(context) - at
    iso = at.isoformat(timespec="seconds")
    if abs(ago) > RELATIVE_FOR:
        return format_html('<time datetime="{}" title="{}">{}</time>', iso, _exact(at), moment(at))
    text = spoken_time.relative(int(ago.total_seconds()))
    if getattr(context.get("user"), "times", "") == Times.ABSOLUTE:
        return format_html('<time datetime="{}" data-when="title" title="{}">{}</time>', iso, text, moment(at))
    return format_html('<time datetime="{}" data-when title="{}">{}</time>', iso, _exact(at), text)


@register.filter
def moment(at: datetime | None) -> str:
    """An instant in local time, as short as it can be said: 14:05, or 24 Nov, 14:05, with the year if another."""
    if at is None:
        return NOTHING
    return _short(at, timezone.localdate(), timezone.get_current_timezone_name(), get_language())


# A list shows the same moments each time it is looked at.
@lru_cache(maxsize=8192)
def _short(at: datetime, today: date, _zone: str, _language: str | None) -> str:
    local = timezone.localtime(at)
    if local.date() == today:
        return date_format(local, "H:i")
    same_year = local.year == today.year
    shape = pgettext("date format", "j M, H:i") if same_year else pgettext("date format", "j M Y, H:i")
    return date_format(local, shape)


@register.simple_tag(takes_context=True)
def server_time(context: Context) -> str:
    """The server's instant in ISO form, from which the browser ticks."""
    return _now(context).isoformat(timespec="milliseconds")


@register.simple_tag
def desk_words() -> SafeString:
    """The words and limits that the ticking script needs, so that it says what the server says."""
    return _words(get_language())


@lru_cache(maxsize=8)
def _words(_language: str | None) -> SafeString:
    words: list[tuple[str, object]] = [
        *spoken_time.words(),
        ("copied", _("Copied")),
        ("offline", _("The server could not be reached. What you typed is kept here.")),
        ("failed", _("That did not work. What you typed is kept here.")),
        ("unsaved", _("Not kept on the server yet; kept in this browser.")),
        ("again", _("Try again")),
        ("restored", _("What you had typed was put back.")),
    ]
    return format_html('<div id="desk-words" hidden{}></div>', format_html_join("", ' data-{}="{}"', words))


@register.filter
def mask_phone(phone: str | None) -> str:
    """A phone number with its middle hidden: 138****6620."""
    digits = re.sub(r"[^\d+]", "", phone or "").removeprefix("+86")
    if not digits:
        return NOTHING
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-4:]}"


@register.filter
def mask_name(name: str | None) -> str:
    """A name with only its first sign: 张**, A***."""
    bare = (name or "").strip()
    return f"{bare[0]}{'**' if _CHINESE.match(bare) else '***'}" if bare else NOTHING


@register.filter
def mask_address(address: str | None) -> str:
    """An address down to its district: 浙江省杭州市西湖区***; elsewhere the last two parts after a comma."""
    bare = " ".join((address or "").split())
    if not bare:
        return NOTHING
    if district := _CHINESE_DISTRICT.match(bare):
        return f"{district.group()}***"
    parts = [part.strip() for part in bare.split(",")]
    return f"***, {', '.join(parts[-2:])}" if len(parts) > 2 else "***"


@register.simple_tag
def stacked_bar(parts: Iterable[dict[str, Any]], total: float, label: str, css: str = "") -> SafeString:
    """Draw parts (`label`, `value`, `meaning`) side by side on a scale of `total`; the figures belong in the table."""
    rects, x = [], 0.0
    for part in parts:
        width = 1000 * float(part["value"]) / total if total else 0.0
        rects.append((part["meaning"], f"{x:.1f}", f"{width:.1f}", part["label"], part["value"]))
        x += width
    drawn = format_html_join(
        "", '<rect class="fill-{}" x="{}" width="{}" height="10"><title>{}: {}</title></rect>', rects
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        _classes("bar-svg", css), label, drawn,
    )  # fmt: skip


@register.filter
def length_of_time(span: timedelta) -> str:
    """A length of time in its two largest units: 3 h 12 min."""
    return spoken_time.duration(int(span.total_seconds()))


def _exact(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %Z}"


def _now(context: Context) -> datetime:
    # A view that computes with an instant shows that same instant.
    now: datetime = context.get("now") or timezone.now()
    return now


def _badge(label: object, meaning: str) -> SafeString:
    return format_html('<span class="{}">{}</span>', _classes("chip", "mark", meaning), label)


def _classes(*names: str) -> str:
    return " ".join(name for name in names if name)


def _attribute(name: str, value: object) -> SafeString | str:
    return format_html(' {}="{}"', name, value) if value else ""
