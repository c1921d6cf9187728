"""What open pages ask by themselves; under /live/ nothing prolongs a session."""

from django.urls import path

from aftersales.views.console import alerts, live, presence

urlpatterns = [
    path("live/", live.stream, name="live"),
    path("live/poll/", live.poll, name="live-poll"),
    path("live/list/", live.listing, name="live-list"),
    path("live/next/", live.waiting, name="live-next"),
    path("live/presence/", presence.rows, name="live-presence"),
    path("live/cases/<case:number>/", live.case, name="live-case"),
    path("live/cases/<case:number>/here/", presence.here, name="live-here"),
    path("settings/alerts/", alerts.alerts, name="alerts"),
]
