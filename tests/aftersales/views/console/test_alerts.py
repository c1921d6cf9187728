"""Sounds and desktop messages are chosen by each person."""

import pytest

from tests.aftersales.views.desk import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_alerts_are_off_until_they_are_chosen(agent, agent_user):
    client = seat(agent)
    before = client.get("/cases/").text

    client.post("/settings/alerts/", {"alert_sound": "on"})

    agent_user.refresh_from_db()
    assert (agent_user.alert_sound, agent_user.alert_desktop) == (True, False)
    assert "data-sound" not in before
    assert "data-sound" in client.get("/cases/").text
    assert "data-desktop" not in client.get("/cases/").text


def test_alerts_are_chosen_in_a_dialog_or_on_a_page(agent):
    client = seat(agent)

    page, dialog = client.get("/settings/alerts/"), client.get("/settings/alerts/", headers={"HX-Request": "true"})

    assert "<html" in page.text and "<html" not in dialog.text
    assert 'name="alert_sound"' in page.text and 'name="alert_sound"' in dialog.text
    assert client.post("/settings/alerts/", {}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
