"""Headers of Chinese invoices: the title (发票抬头) and the taxpayer's number, with its check digit. Pure."""

import re
from typing import Final

# GB 32100-2015: 18 signs without I, O, S, V, Z; the last one checks the others, weighed by powers of 3 modulo 31.
_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH: Final = 18
WELL_FORMED: Final = "^[0-9A-Z]{15,20}$"  # 15 and 20 signs: numbers from before 2015, which some still have
_NAMED: Final = re.compile(
    r"(?:纳税人识别[码号]|统一社会信用代码|税号|税务登记号)\s*[:：]?\s*([0-9A-Za-z]{15,20})(?![0-9A-Za-z])"
)
_AT_THE_END: Final = re.compile(r"(?<![0-9A-Za-z])([0-9A-Za-z]{15,20})\s*$")
_TITLE: Final = re.compile(r"(?:发票抬头|单位名称|抬头|名称)\s*[:：]\s*([^;；,，\n]+)")
_EDGES: Final = " \t\n;；,，:：/|"


def plain(text: str) -> str:
    """A number as it is kept: full-width signs and spaces gone, upper case."""
    half = text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    return re.sub(r"[\s\-]", "", half).upper()


def is_well_formed(number: str) -> bool:
    """Whether it can be a taxpayer's number at all."""
    return re.fullmatch(WELL_FORMED, number) is not None


def has_right_check_digit(number: str) -> bool:
    """Whether the last sign of a unified social credit code fits; older numbers of other lengths have none."""
    if len(number) != _LENGTH:
        return is_well_formed(number)
    if any(sign not in _SIGNS for sign in number):
        return False
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(number[:-1]))
    return _SIGNS[-total % 31] == number[-1]


def split(text: str) -> tuple[str, str]:
    """Title and number from one cell of an export; a text without a number is a title."""
    found = _NAMED.search(text) or _AT_THE_END.search(text)
    if found is None or not any(sign.isdigit() for sign in found[1]):
        named = _TITLE.search(text)
        return (named[1] if named else text).strip(_EDGES), ""
    rest = text[: found.start()] + text[found.end() :]
    named = _TITLE.search(rest)
    return (named[1] if named else rest).strip(_EDGES), found[1].upper()
