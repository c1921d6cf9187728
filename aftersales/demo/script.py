"""Which stories the demo tells, in which shop, and how long ago each began."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from aftersales.demo import stories
from aftersales.demo.catalogue import APPAREL, DIGITAL, HOME, Shop
from aftersales.demo.scene import DAY, HOUR, MINUTE, Scene
from aftersales.demo.stories import REFUND, RETURN, Story

Tell = Callable[[Scene, datetime], Story]
Part = tuple[Shop, timedelta, Tell]
HALF = Decimal("0.5")


def parts() -> list[Part]:
    """Every story with its shop and its age; ages are chosen so that deadlines fall minutes and days from now."""
    return [*_waiting(), *_answered(), *_on_the_way(), *_paid(), *_disputed(), *_old()]


def _waiting() -> list[Part]:
    quiet = stories.quiet
    return [
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


def _answered() -> list[Part]:
    return [
        (APPAREL, 3 * HOUR, partial(stories.bargained, reason="differs_from_picture")),
        (DIGITAL, 30 * HOUR, partial(stories.bargained, reason="broken")),
        (HOME, 48 * HOUR + 25 * MINUTE, partial(stories.bargained, reason="stain_or_smell")),
        (APPAREL, 60 * HOUR, partial(stories.bargained, reason="seam_open")),
        (APPAREL, 2 * DAY, partial(stories.bargained, reason="stain_or_smell", answer="accept")),
        (DIGITAL, 6 * DAY, partial(stories.bargained, reason="differs_from_picture", answer="accept")),
        (HOME, 30 * HOUR, partial(stories.bargained, reason="broken", answer="decline")),
        (APPAREL, 10 * HOUR, partial(stories.rejected, reason="changed_mind")),
        (DIGITAL, 3 * DAY, partial(stories.rejected, reason="not_as_described")),
        (HOME, 7 * DAY + 4 * HOUR, partial(stories.rejected, reason="material_differs")),
        (APPAREL, 20 * HOUR, partial(stories.rejected, reason="stain_or_smell", again=True)),
        (DIGITAL, 40 * HOUR, partial(stories.rejected, reason="broken", again=True)),
        (DIGITAL, HOUR, partial(stories.above_limit, reason="broken")),
        (APPAREL, 6 * HOUR, partial(stories.above_limit, reason="material_differs")),
        (HOME, 20 * HOUR, partial(stories.above_limit, reason="damaged_in_transit")),
        (APPAREL, 2 * DAY, partial(stories.above_limit, reason="seam_open", answer="同意，质量问题明显。")),
    ]


def _on_the_way() -> list[Part]:
    returning, at_the_desk = stories.returning, 76 * HOUR
    return [
        (APPAREL, 5 * HOUR, partial(returning, reason="wrong_size_chosen")),
        (DIGITAL, 4 * DAY, partial(returning, reason="changed_mind", ships=False)),
        (HOME, 7 * DAY + 90 * MINUTE, partial(returning, reason="differs_from_picture", ships=False)),
        (APPAREL, 8 * DAY, partial(returning, reason="wrong_item", ships=False, extends=True)),
        (APPAREL, 30 * HOUR, partial(returning, reason="stain_or_smell")),
        (DIGITAL, 2 * DAY, partial(returning, reason="broken", arrives=False)),
        (HOME, 6 * DAY, partial(returning, reason="broken", arrives=False)),
        (APPAREL, 11 * DAY + 70 * MINUTE, partial(returning, reason="wrong_item", arrives=False)),
        (APPAREL, at_the_desk + HOUR, partial(returning, reason="wrong_size_chosen", verdict="", many=True)),
        (DIGITAL, at_the_desk + 20 * HOUR, partial(returning, reason="not_as_described", verdict="")),
        (HOME, at_the_desk + 47 * HOUR + 35 * MINUTE, partial(returning, reason="broken", verdict="")),
        (APPAREL, 4 * DAY, partial(returning, reason="changed_mind", verdict="fail")),
        (APPAREL, 20 * HOUR, partial(stories.stopped, reason="not_received")),
        (DIGITAL, 48 * HOUR + 25 * MINUTE, partial(stories.stopped, reason="refused")),
        (HOME, 3 * DAY, partial(stories.stopped, reason="no_trace")),
    ]


def _paid() -> list[Part]:
    refunded = stories.refunded
    return [
        (APPAREL, 3 * HOUR, partial(refunded, reason="not_received", dear=True, released=False)),
        (HOME, 5 * HOUR, partial(refunded, reason="damaged_in_transit", dear=True, released=False)),
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


def _disputed() -> list[Part]:
    judged = stories.judged
    return [
        (APPAREL, 16 * HOUR, partial(judged, reason="changed_mind")),
        (DIGITAL, 37 * HOUR + 30 * MINUTE, partial(judged, reason="not_as_described")),
        (HOME, 3 * DAY, partial(judged, reason="broken")),
        (APPAREL, 6 * DAY, partial(judged, reason="stain_or_smell", verdict="buyer")),
        (DIGITAL, 8 * DAY, partial(judged, reason="wrong_size_chosen", verdict="merchant")),
        (APPAREL, 4 * DAY, partial(judged, reason="counterfeit", verdict="suspend")),
        (HOME, 31 * DAY + 9 * HOUR, partial(judged, reason="material_differs", verdict="suspend")),
        (APPAREL, 4 * DAY + 6 * HOUR, partial(stories.reopened, reason="material_differs")),
    ]


def _old() -> list[Part]:
    returning, refunded = stories.returning, stories.refunded
    return [
        (APPAREL, 3 * DAY, partial(stories.quiet, type=RETURN, reason="wrong_size_chosen")),
        (DIGITAL, 5 * DAY, partial(stories.quiet, type=REFUND, reason="sent_late", goods="unshipped")),
        (APPAREL, 5 * DAY, partial(stories.withdrawn, reason="price")),
        (HOME, 15 * DAY, partial(stories.withdrawn, reason="changed_mind")),
        (APPAREL, 14 * DAY, partial(stories.rejected, reason="changed_mind")),
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
