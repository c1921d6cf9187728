"""Which stories the demo tells, in which shop, and how long ago each began."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from aftersales.demo.catalogue import APPAREL, DIGITAL, HOME, Shop
from aftersales.demo.fixtures import DAY, HOUR, MINUTE, Fixtures
from aftersales.demo.stories.answers import above_limit, bargained, rejected
from aftersales.demo.stories.disputes import judged, reopened
from aftersales.demo.stories.money_only import advanced, compensated, protected, sent_too_late
from aftersales.demo.stories.refunds import refunded, stopped
from aftersales.demo.stories.replacements import called_off, exchanged, exchanged_first, missing, moved_house, repaired
from aftersales.demo.stories.requests import REFUND, RETURN, Story, quiet, withdrawn
from aftersales.demo.stories.reshaping import converted, merged, split
from aftersales.demo.stories.returns import returning, unidentified
from aftersales.rules.vocabulary import CaseType, GivenAs

Tell = Callable[[Fixtures, datetime], Story]
Entry = tuple[Shop, timedelta, Tell]
HALF = Decimal("0.5")

WAITING: Final[list[Entry]] = [
    (APPAREL, 2 * MINUTE, partial(quiet, type=RETURN, reason="wrong_size_chosen", greeted=False)),
    (DIGITAL, 4 * MINUTE, partial(quiet, type=RETURN, reason="broken", greeted=False)),
    (HOME, 11 * MINUTE, partial(quiet, type=RETURN, reason="damaged_in_transit")),
    (APPAREL, 50 * MINUTE, partial(quiet, type=REFUND, reason="sent_late", goods="unshipped", greeted=False)),
    (DIGITAL, 3 * HOUR, partial(quiet, type=REFUND, reason="no_trace", goods="shipped")),
    (APPAREL, 9 * HOUR, partial(quiet, type=RETURN, reason="stain_or_smell")),
    (HOME, 20 * HOUR + 40 * MINUTE, partial(quiet, type=REFUND, reason="part_missing")),
    (APPAREL, 27 * HOUR, partial(quiet, type=RETURN, reason="material_differs", dear=True)),
    (DIGITAL, 41 * HOUR, partial(quiet, type=RETURN, reason="changed_mind")),
    (APPAREL, 46 * HOUR, partial(quiet, type=RETURN, reason="seam_open")),
    (HOME, 47 * HOUR + 5 * MINUTE, partial(quiet, type=RETURN, reason="differs_from_picture")),
    (APPAREL, 47 * HOUR + 40 * MINUTE, partial(quiet, type=RETURN, reason="wrong_item")),
    (DIGITAL, 47 * HOUR + 52 * MINUTE, partial(quiet, type=RETURN, reason="not_as_described")),
]

ANSWERED: Final[list[Entry]] = [
    (APPAREL, 3 * HOUR, partial(bargained, reason="differs_from_picture")),
    (DIGITAL, 30 * HOUR, partial(bargained, reason="broken")),
    (HOME, 48 * HOUR + 25 * MINUTE, partial(bargained, reason="stain_or_smell")),
    (APPAREL, 60 * HOUR, partial(bargained, reason="seam_open")),
    (APPAREL, 2 * DAY, partial(bargained, reason="stain_or_smell", answer="accept")),
    (DIGITAL, 6 * DAY, partial(bargained, reason="differs_from_picture", answer="accept")),
    (HOME, 30 * HOUR, partial(bargained, reason="broken", answer="decline")),
    (APPAREL, 10 * HOUR, partial(rejected, reason="changed_mind")),
    (DIGITAL, 3 * DAY, partial(rejected, reason="not_as_described")),
    (HOME, 7 * DAY + 4 * HOUR, partial(rejected, reason="material_differs")),
    (APPAREL, 20 * HOUR, partial(rejected, reason="stain_or_smell", again=True)),
    (DIGITAL, 40 * HOUR, partial(rejected, reason="broken", again=True)),
    (DIGITAL, HOUR, partial(above_limit, reason="broken")),
    (APPAREL, 6 * HOUR, partial(above_limit, reason="material_differs")),
    (HOME, 20 * HOUR, partial(above_limit, reason="damaged_in_transit")),
    (APPAREL, 2 * DAY, partial(above_limit, reason="seam_open", answer="同意，质量问题明显。")),
]

ON_THE_WAY: Final[list[Entry]] = [
    (APPAREL, 5 * HOUR, partial(returning, reason="wrong_size_chosen")),
    (DIGITAL, 4 * DAY, partial(returning, reason="changed_mind", ships=False)),
    (HOME, 7 * DAY + 90 * MINUTE, partial(returning, reason="differs_from_picture", ships=False)),
    (APPAREL, 8 * DAY, partial(returning, reason="wrong_item", ships=False, extends=True)),
    (APPAREL, 30 * HOUR, partial(returning, reason="stain_or_smell")),
    (DIGITAL, 2 * DAY, partial(returning, reason="broken", arrives=False)),
    (HOME, 6 * DAY, partial(returning, reason="broken", arrives=False)),
    (APPAREL, 11 * DAY + 70 * MINUTE, partial(returning, reason="wrong_item", arrives=False)),
    (APPAREL, 76 * HOUR + HOUR, partial(returning, reason="wrong_size_chosen", verdict="", many=True)),
    (DIGITAL, 76 * HOUR + 20 * HOUR, partial(returning, reason="not_as_described", verdict="")),
    (HOME, 76 * HOUR + 47 * HOUR + 35 * MINUTE, partial(returning, reason="broken", verdict="")),
    (APPAREL, 4 * DAY, partial(returning, reason="changed_mind", verdict="fail")),
    (APPAREL, 20 * HOUR, partial(stopped, reason="not_received")),
    (DIGITAL, 48 * HOUR + 25 * MINUTE, partial(stopped, reason="refused")),
    (HOME, 3 * DAY, partial(stopped, reason="no_trace")),
]

PAID: Final[list[Entry]] = [
    (APPAREL, 3 * HOUR, partial(refunded, reason="not_received", dear=True, released=False)),
    (HOME, 5 * HOUR, partial(refunded, reason="damaged_in_transit", dear=True)),  # waits for a second person of finance
    (DIGITAL, 20 * HOUR, partial(refunded, reason="part_missing", dear=True, released=False)),
    (APPAREL, 10 * HOUR, partial(refunded, reason="out_of_stock", goods="unshipped", fault="decline")),
    (DIGITAL, 30 * HOUR, partial(refunded, reason="sent_late", goods="unshipped", fault="decline", settled=True)),
    (HOME, 8 * HOUR, partial(refunded, reason="part_missing", share=HALF, fault="decline")),
    (APPAREL, 6 * HOUR, partial(refunded, reason="sent_late", goods="unshipped")),
    (DIGITAL, 12 * HOUR, partial(refunded, reason="part_missing", share=HALF)),
    (APPAREL, 7 * DAY, partial(refunded, reason="not_received", dear=True, released=False)),
    (HOME, 3 * DAY, partial(refunded, reason="no_trace", goods="shipped")),
    (APPAREL, 26 * HOUR, partial(refunded, reason="damaged_in_transit", dear=True)),
]

DISPUTED: Final[list[Entry]] = [
    (APPAREL, 16 * HOUR, partial(judged, reason="changed_mind")),
    (DIGITAL, 37 * HOUR + 30 * MINUTE, partial(judged, reason="not_as_described")),
    (HOME, 3 * DAY, partial(judged, reason="broken")),
    (APPAREL, 6 * DAY, partial(judged, reason="stain_or_smell", verdict="buyer")),
    (DIGITAL, 8 * DAY, partial(judged, reason="wrong_size_chosen", verdict="merchant")),
    (APPAREL, 4 * DAY, partial(judged, reason="counterfeit", verdict="joint_request")),
    (HOME, 31 * DAY + 9 * HOUR, partial(judged, reason="material_differs", verdict="police")),
    (APPAREL, 4 * DAY + 6 * HOUR, partial(reopened, reason="material_differs")),
]

OLD: Final[list[Entry]] = [
    (APPAREL, 3 * DAY, partial(quiet, type=RETURN, reason="wrong_size_chosen")),
    (DIGITAL, 5 * DAY, partial(quiet, type=REFUND, reason="sent_late", goods="unshipped")),
    (APPAREL, 5 * DAY, partial(withdrawn, reason="price")),
    (HOME, 15 * DAY, partial(withdrawn, reason="changed_mind")),
    (APPAREL, 14 * DAY, partial(rejected, reason="changed_mind")),
    (HOME, 12 * DAY, partial(returning, reason="price", ships=False)),
    (DIGITAL, 13 * DAY, partial(returning, reason="broken", arrives=False)),
    (APPAREL, 6 * DAY, partial(returning, reason="broken", verdict="")),
    (APPAREL, 9 * DAY, partial(returning, reason="wrong_size_chosen", verdict="partly", many=True)),
    (HOME, 10 * DAY, partial(returning, reason="differs_from_picture", verdict="short", many=True)),
    (APPAREL, 5 * DAY, partial(returning, reason="stain_or_smell")),
    (DIGITAL, 12 * DAY, partial(returning, reason="changed_mind")),
    (HOME, 18 * DAY, partial(returning, reason="changed_mind")),
    (APPAREL, 20 * DAY, partial(returning, reason="seam_open")),
    (APPAREL, 25 * DAY, partial(returning, reason="wrong_item")),
    (DIGITAL, 28 * DAY, partial(returning, reason="not_as_described")),
    (HOME, 33 * DAY, partial(returning, reason="broken")),
    (APPAREL, 16 * DAY, partial(refunded, reason="sent_late", goods="unshipped")),
    (DIGITAL, 22 * DAY, partial(refunded, reason="part_missing", share=HALF)),
    (APPAREL, 30 * DAY, partial(refunded, reason="not_received")),
]

REPLACED: Final[list[Entry]] = [
    (APPAREL, 4 * HOUR, partial(exchanged, reason="wrong_size_chosen", until="asked")),
    (DIGITAL, 26 * HOUR, partial(exchanged, reason="not_as_described", until="agreed")),
    (HOME, 40 * HOUR, partial(exchanged, reason="wrong_item", until="shipped")),
    (APPAREL, 85 * HOUR, partial(exchanged, reason="stain_or_smell", until="here")),
    (APPAREL, 84 * HOUR, partial(exchanged, reason="wrong_size_chosen", until="inspected")),
    (DIGITAL, 6 * DAY + 6 * HOUR, partial(exchanged, reason="broken", until="inspected")),
    (APPAREL, 5 * DAY, partial(exchanged, reason="differs_from_picture", until="inspected", dearer=True)),
    (HOME, 5 * DAY, partial(exchanged, reason="damaged_in_transit", until="sent")),
    (DIGITAL, 8 * DAY, partial(exchanged, reason="wrong_item", dearer=True, paid=True)),
    (APPAREL, 11 * DAY, partial(exchanged, reason="wrong_size_chosen")),
    (APPAREL, 10 * HOUR, partial(exchanged_first, reason="wrong_item", until="agreed")),
    (DIGITAL, 4 * DAY, partial(exchanged_first, reason="broken")),
    (HOME, 5 * HOUR, partial(missing, reason="part_missing", until="asked")),
    (APPAREL, 70 * HOUR, partial(missing, reason="wrong_item", until="agreed")),
    (DIGITAL, 3 * DAY, partial(missing, reason="part_missing", until="sent")),
    (HOME, 9 * DAY, partial(missing, reason="damaged_in_transit")),
    (APPAREL, 90 * MINUTE, partial(moved_house, until="asked")),
    (DIGITAL, 2 * DAY, moved_house),
    (APPAREL, 30 * HOUR, partial(moved_house, goods="shipped")),
    (HOME, 20 * HOUR, partial(moved_house, goods="shipped", until="agreed")),
    (HOME, 2 * HOUR, partial(called_off, until="asked")),
    (APPAREL, 4 * DAY, called_off),
    (DIGITAL, 40 * HOUR, partial(called_off, goods="shipped", until="agreed")),
]

REPAIRED: Final[list[Entry]] = [
    (DIGITAL, 7 * HOUR, partial(repaired, reason="broken", until="asked")),
    (DIGITAL, 4 * DAY, partial(repaired, reason="broken", until="here")),
    (HOME, 5 * DAY, partial(repaired, reason="broken", until="quoted")),
    (DIGITAL, 8 * DAY, partial(repaired, reason="broken", until="away")),
    (HOME, 7 * DAY, partial(repaired, reason="broken", until="failed")),
    (APPAREL, 6 * DAY, partial(repaired, reason="seam_open", until="mended")),
    (DIGITAL, 6 * DAY + 12 * HOUR, partial(repaired, reason="broken", until="agreed")),
    (HOME, 12 * DAY, partial(repaired, reason="broken")),
]

MONEY_ONLY: Final[list[Entry]] = [
    (APPAREL, 40 * MINUTE, partial(protected, agreed=False)),
    (DIGITAL, 46 * HOUR + 30 * MINUTE, partial(protected, agreed=False)),
    (HOME, 3 * DAY, protected),
    (APPAREL, 6 * HOUR, partial(compensated, reason="stain_or_smell", agreed=False)),
    (DIGITAL, 5 * DAY, partial(compensated, reason="not_as_described")),
    (APPAREL, 2 * DAY, partial(compensated, reason="differs_from_picture", given_as=GivenAs.COUPON)),
    (HOME, 4 * DAY, partial(compensated, reason="broken", given_as=GivenAs.POINTS)),
    (APPAREL, 3 * DAY, sent_too_late),
    (HOME, 30 * HOUR, advanced),
]

RESHAPED: Final[list[Entry]] = [
    (HOME, 8 * HOUR, partial(converted, reason="broken", type=CaseType.REPAIR)),
    (APPAREL, 20 * HOUR, partial(converted, reason="stain_or_smell", type=CaseType.COMPENSATION)),
    (APPAREL, 14 * HOUR, partial(split, reason="differs_from_picture")),
    (HOME, 11 * HOUR, partial(merged, reason="not_as_described")),
    (APPAREL, 5 * HOUR, unidentified),
    (DIGITAL, 3 * DAY, partial(unidentified, of_order=True)),
]
# Ages are chosen so that deadlines fall minutes and days from now.
ENTRIES: Final[list[Entry]] = [
    *WAITING,
    *ANSWERED,
    *ON_THE_WAY,
    *PAID,
    *DISPUTED,
    *OLD,
    *REPLACED,
    *REPAIRED,
    *MONEY_ONLY,
    *RESHAPED,
]
