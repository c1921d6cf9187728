"""Placeholders of canned texts: a fixed dictionary. One that can not be filled in is a gap, and a gap is not sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

# Braces as a Chinese keyboard writes them count too.
BRACES: Final = re.compile(r"[{｛]\s*([^{}｛｝\n]{1,40}?)\s*[}｝]")
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
# Two letters: a lone one may be a size or a unit in a Chinese sentence.
LATIN: Final = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Placeholder:
    """A placeholder: its English and its Chinese name, what it stands for, an example in each language."""

    code: str
    chinese: str
    means: Promise | str
    example: str
    chinese_example: str

    @property
    def shown(self) -> str:
        """The placeholder in braces, by its name in the reader's language."""
        return f"{{{self.chinese if _reads_chinese() else self.code}}}"

    @property
    def shown_example(self) -> str:
        """An example of what it becomes, in the reader's language."""
        return self.chinese_example if _reads_chinese() else self.example


_P = Placeholder
DICTIONARY: Final = (
    _P("buyer", "买家称呼", gettext_lazy("how the buyer is addressed"), "Emma", "张先生/女士"),
    _P("shop", "店铺", gettext_lazy("name of the shop"), "Northshore", "青禾服饰"),
    _P("agent", "客服", gettext_lazy("your own name"), "Emma Clarke", "林晓"),
    _P("case", "售后单号", gettext_lazy("number of the case"), "AS-26-004821", "AS-26-004821"),
    _P("order", "订单号", gettext_lazy("number of the order"), "NS-10293", "2604718820019"),
    _P("item", "商品", gettext_lazy("what the case is about"), "Kettle, steel", "亚麻收腰连衣裙 雾蓝 M"),
    _P("type", "售后类型", gettext_lazy("type of the case"), "Return and refund", "退货退款"),
    _P("reason", "申请原因", gettext_lazy("reason that the buyer gave"), "Broken on arrival", "收到商品破损"),
    _P("amount", "申请金额", gettext_lazy("sum that is asked for"), "£48.00", "¥168.00"),
    _P("offer", "协商金额", gettext_lazy("sum of the open offer"), "£9.60", "¥33.60"),
    _P("refund", "退款金额", gettext_lazy("sum that goes back"), "£48.00", "¥168.00"),
    _P(
        "deadline",
        "截止时间",
        gettext_lazy("until when the buyer has to act"),
        "March 17, 2026, 2:05 p.m.",
        "2026年3月17日 14:05",
    ),
    _P(
        "promise",
        "处理时限",
        gettext_lazy("until when the case goes on, where the buyer waits"),
        "March 12, 2026, 2:05 p.m.",
        "2026年3月12日 14:05",
    ),
    _P("days", "寄回天数", gettext_lazy("days that the buyer has to send goods back"), "7", "7"),
    _P(
        "return_address",
        "退货地址",
        gettext_lazy("where the goods go, once that was agreed"),
        "Returns desk, 1 Mill Lane, Leeds, Ruth Alder, 0113 496 0000",
        "浙江省 杭州市 余杭区 网周路 18 号 2 号库，沈青，13857120066",
    ),
    _P("freight_payer", "运费承担方", gettext_lazy("who pays the way back"), "Merchant pays", "商家承担"),
    _P("carrier", "退货快递", gettext_lazy("carrier of the goods that come back"), "Royal Mail", "顺丰速运"),
    _P("waybill", "退货单号", gettext_lazy("waybill of the goods that come back"), "RM123456785GB", "SF1409876543210"),
    _P("sent_waybill", "补发单号", gettext_lazy("waybill of what was sent anew"), "RM987654321GB", "SF1400123456789"),
    _P("today", "今天", gettext_lazy("today's date"), "March 10, 2026", "2026年3月10日"),
)  # fmt: skip
BY_NAME: Final = {name: each for each in DICTIONARY for name in (each.code, each.chinese)}
# Every name, for whoever looks for gaps by a pattern.
NAMES: Final = "|".join(BY_NAME)


def _reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _named(name: str) -> Placeholder | None:
    return BY_NAME.get(name.casefold())


def used(text: str) -> list[Placeholder]:
    """The placeholders of a text in their order, each once."""
    found = (_named(match[1]) for match in BRACES.finditer(text))
    return list(dict.fromkeys(each for each in found if each is not None))


def gaps(text: str) -> list[str]:
    """The placeholders that are still to be filled in, as they are written in the text, each once."""
    return list(dict.fromkeys(match[0] for match in BRACES.finditer(text) if _named(match[1])))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of its placeholders, by code; those without a value stay as they are written."""

    def known(match: re.Match[str]) -> str:
        word = _named(match[1])
        return (values.get(word.code) if word else "") or match[0]

    return BRACES.sub(known, text)


def without_gaps(text: str) -> str:
    """The text with dots for its gaps: for the rehearsal of a macro, never to be sent."""
    return BRACES.sub(lambda match: "…" if _named(match[1]) else match[0], text)


def unfilled(text: str) -> str | None:
    """The sentence against sending a text with gaps; None without any."""
    missing = gaps(text)
    if not missing:
        return None
    listed = pgettext("between names", ", ").join(missing)
    return _("Still to be filled in: %(gaps)s. Write what belongs there, or take it out.") % {"gaps": listed}


def misspelt(text: str) -> str | None:
    """The sentence against an unknown placeholder, with the nearest known one; None without any."""
    for match in BRACES.finditer(text):
        if _named(match[1]) is None:
            return _unknown(match[0], match[1])
    return None


def _unknown(written: str, name: str) -> str:
    near = get_close_matches(name.casefold(), BY_NAME, 1, 0.4)
    if not near:
        return _("There is no placeholder %(name)s. The list beside the form has all of them.") % {"name": written}
    nearest = f"{{{near[0]}}}"
    return _("There is no placeholder %(name)s. Did you mean %(nearest)s?") % {"name": written, "nearest": nearest}


def language_of(text: str) -> str:
    """`zh` or `en`, by the characters of a text; empty where there are none of either."""
    return "zh" if CHINESE.search(text) else "en" if LATIN.search(text) else ""
