"""Photos of a case: added through its page, and their addresses."""

from django.urls import reverse

from tests.aftersales.views.desk import address, sent


def add(client, case, *files, **headers):
    return client.post(address(case, "evidence"), sent(case, photos=list(files)), **headers)


def photo_address(row, query=""):
    return reverse("aftersales:case-photo", args=[row.case.number, row.pk]) + query
