"""Forms of the warehouse as its pages make them."""

from datetime import timedelta

from django.urls import reverse

from aftersales.views import submissions

HOUR = timedelta(hours=1)


def address(case, name="case"):
    return reverse(f"aftersales:warehouse-{name}", args=[case.number])


def receiving(case, count="2", **fields):
    line = case.lines.get()
    return {"once": submissions.new_key(), "version": case.version, f"units-{line.pk}": count, **fields}


def inspecting(case, verdict="pass", units=2, **fields):
    line = case.lines.get()
    data = {"once": submissions.new_key(), "version": case.version, "verdict": verdict}
    for number in range(1, units + 1):
        data |= {
            f"unit-{line.pk}-{number}-condition": "as_new",
            f"unit-{line.pk}-{number}-disposition": "restock",
            f"unit-{line.pk}-{number}-is_accepted": "on",
            f"unit-{line.pk}-{number}-tags_intact": "on",
        }
    return data | fields
