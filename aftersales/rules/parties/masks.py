"""What a page shows of a person's data: enough to recognise them by, too little to reach them with."""

import re
from typing import Final

NOTHING: Final = "–"
COUNTRY_CODE: Final = "+86"
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
# Down to 区, 县 or 旗, else to 市. Not every such character ends a district: a 小区 is a housing estate, a 超市 a shop.
CHINESE_DISTRICT: Final = re.compile(r"^.{0,24}?(?<![小社])[区县旗](?=.)|^.{0,16}?(?<![超菜门])市(?=.)")


def mask_phone(phone: str | None) -> str:
    """A phone number with its middle hidden, 138****6620; of a shorter one only the last four digits."""
    digits = re.sub(r"[^\d+]", "", phone or "").removeprefix(COUNTRY_CODE)
    if not digits:
        return NOTHING
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-4:]}"


def mask_name(name: str | None) -> str:
    """A name down to its first character, 张** or A***; the number of asterisks does not tell its length."""
    bare = (name or "").strip()
    return f"{bare[0]}{'**' if CHINESE.match(bare) else '***'}" if bare else NOTHING


def mask_address(address: str | None) -> str:
    """An address down to its district, 浙江省杭州市西湖区***; elsewhere the last two parts between commas."""
    bare = " ".join((address or "").split())
    if not bare:
        return NOTHING
    if district := CHINESE_DISTRICT.match(bare):
        return f"{district.group()}***"
    parts = [part.strip() for part in bare.split(",")]
    # With two parts or fewer, the last two may hold the street itself.
    return f"***, {', '.join(parts[-2:])}" if len(parts) > 2 else "***"
