"""Addresses of everybody's account; without a namespace, as the framework expects them."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from aftersales.views.console import preferences, tour
from aftersales.views.disputes import evidence
from aftersales.views.people import account, own_account, people

urlpatterns = [
    path("", account.home, name="home"),
    path("login/", account.Login.as_view(), name="login"),
    path("login/code/", account.code, name="login-code"),
    path("password/<uidb64>/<token>/", own_account.SetPassword.as_view(), name="password-set"),
    path("account/", own_account.show, name="account"),
    path("account/password/", own_account.password, name="account-password"),
    path("account/second-factor/", own_account.second_factor, name="account-second-factor"),
    path("account/second-factor/codes/", own_account.new_codes, name="account-codes"),
    path("account/second-factor/remove/", own_account.remove, name="account-remove"),
    path("people/", people.desk, name="people"),
    path("people/ask/", people.ask, name="people-ask"),
    path("people/requests/<int:pk>/", people.decide, name="people-decide"),
    path("people/<int:pk>/<slug:act>/", people.act, name="people-act"),
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
