"""Accounts of the environment: what is wrong with them is said in a sentence before the first message."""

import json

import pytest
from django.core.checks import run_checks

from logistics.carriers import accounts
from tests.logistics import telling

GOOD = {"key": "k", "secrets": ["one", "two"]}


def wrong(**fields):
    return {"aftership": {"default": {**GOOD, **fields}}}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("{", "CARRIERS is no JSON"),
        ([], "CARRIERS is no object"),
        ({"dhl": {}}, "'dhl' is no source; use one of kuaidi100, 17track"),
        ({"sf": []}, "sf is no object of accounts"),
        ({"sf": {"default": 7}}, "sf of default: is no object"),
        ({"sf": {"default": {"key": "k"}}}, "sf of default: missing: customer"),
        ({"kuaidi100": {"shop": GOOD}}, "kuaidi100 of shop: missing: customer, callback_url"),
        ({"aftership": {"a/b": GOOD}}, "has a slash"),
        (wrong(secret="x"), "unknown: secret"),
        (wrong(secrets=["a", "b", "c"]), "secrets is a list of one or two texts"),
        (wrong(secrets="abc"), "secrets is a list"),
        (wrong(secrets=[""]), "secrets is a list"),
        (wrong(url="http://api.example.com"), "url must begin with https://"),
        (wrong(callback_url="javascript:alert(1)"), "callback_url must begin with https://"),
        (wrong(url=7), "url is no text"),
        (wrong(hours=0), "hours is no number above 0"),
        (wrong(hours=True), "hours is no number above 0"),
        (wrong(zone="Mars/Base"), "zone 'Mars/Base' is not known"),
        (wrong(zone=8), "zone 8 is not known"),
    ],
)
def test_a_broken_setting_is_reported_in_a_sentence(told, sentence, settings):
    settings.CARRIERS = told if isinstance(told, str) else json.dumps(told)

    found = [error.msg for error in run_checks() if error.id == "logistics.E001"]

    assert any(sentence in each for each in found), found
    assert accounts.find("aftership", "default") is None


@pytest.mark.parametrize("told", ["", "  ", "{}", json.dumps(telling.accounts("http://127.0.0.1:9"))])
def test_a_valid_setting_is_not_reported(told, settings):
    settings.CARRIERS = told

    assert [error for error in run_checks() if error.id == "logistics.E001"] == []


def test_an_account_knows_its_home_its_zone_and_its_secrets(settings):
    settings.CARRIERS = json.dumps(wrong(zone="America/Sao_Paulo"))

    account = accounts.find("aftership", "default")

    assert (account.url, account.zone.key) == ("https://api.aftership.com", "America/Sao_Paulo")
    assert account.secrets == ("one", "two")
    assert accounts.find("aftership", "shop") is None
