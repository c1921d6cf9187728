"""Fields by how the console reads them: what one field of a class does with a bad text, the others do as well.

In `make test` the texts are shared out among the fields of a class, so that each text meets each class and each field
meets some; in `make long` each text meets each field.
"""

from math import ceil

from tests import counts
from tests.aftersales.bad_inputs.forms import FORMS

CLASSES = {
    "prose": "why note text text_1 description ruling contents reject_note proof"
    " body_en body_zh step-1-text_en step-1-text_zh",
    "line": "carrier waybill contact_name contact_phone address reference number sku"
    " title_en title_zh title name q buyer other tax_number invoice_number",
    "moment": "until window_from window_until happened_at started_at ended_at since seen",
    "choice": "kind verdict source way currency merchant state view language theme disposition format what"
    " column_1 confirmed_as reason decline slow all categories step-1-currency step-1-ticks",
    "login": "username password next",
    "other": "r tables shortcut",
}
CLASS_OF = {field: name for name, fields in CLASSES.items() for field in fields.split()}
FIELDS = sorted(((CLASS_OF[field], name, field) for name, form in FORMS.items() for field in form.texts))
LEAST = 3


def members(kind):
    """The fields of a class, each with its form."""
    return [(name, field) for each, name, field in FIELDS if each == kind]


def share_of(texts, name, field):
    """Which of the texts this field of a form is sent; the next field of the class gets the ones that follow."""
    fields = members(CLASS_OF[field])
    size = counts.of(sample=max(LEAST, ceil(len(texts) / len(fields))), long=len(texts))
    first = fields.index((name, field)) * size
    return [texts[(first + turn) % len(texts)] for turn in range(size)]


def stands_for_its_kind(name, field):
    """Whether this field is asked what depends on the class alone."""
    return counts.LONG or members(CLASS_OF[field])[0] == (name, field) or FORMS[name].texts[0] == field
