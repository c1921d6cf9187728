"""Addresses of everybody's account; without a namespace, as the framework expects them."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from aftersales.views.console import preferences, tour
from aftersales.views.disputes import evidence
from aftersales.views.people import account

urlpatterns = [
    path("", account.home, name="home"),
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", account.language, name="set_language"),
    path("theme/", account.theme, name="theme"),
    path("availability/", account.availability, name="availability"),
    path("settings/", preferences.settings, name="settings"),
    path("settings/keys/", preferences.keys, name="settings-keys"),
    path("viewer/", evidence.viewer, name="viewer"),
    path("tour/", tour.tour, name="tour"),
    path("tour/seen/", tour.seen, name="tour-seen"),
    path("tour/again/", tour.again, name="tour-again"),
]
