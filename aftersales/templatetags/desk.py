"""`{% load desk %}`: every tag and filter of the console's templates, from the module that it is about."""

from django import template

from aftersales.rules.console import moments
from aftersales.rules.parties import masks
from aftersales.templatetags import charts, chips, fragments, icons, money, script_words, times

register = template.Library()

for tag in (
    icons.icon, icons.icon_symbols, icons.icon_use,
    chips.chip, chips.state_badge, chips.refund_badge,
    money.money, charts.stacked_bar, script_words.desk_words,
):  # fmt: skip
    register.simple_tag(tag)

for tag_of_page in (
    times.clock, times.clock_side, times.elapsed_percent, times.when, times.server_time,
    fragments.drawn, fragments.drawn_each,
):  # fmt: skip
    register.simple_tag(tag_of_page, takes_context=True)

for text_filter in (moments.moment, times.length_of_time, masks.mask_phone, masks.mask_name, masks.mask_address):
    register.filter(text_filter)
