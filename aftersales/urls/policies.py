"""The rules as they are in force."""

from django.urls import path

from aftersales.views.policies import rules

urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:topic>/<int:pk>/", rules.rule, name="rule"),
]
