"""The queue, saved views, acts for many cases, the palette, and what open pages ask by themselves."""

from django.urls import path

from aftersales.views.console import alerts, bulk, live, palette, presence, queue, saved_views

urlpatterns = [
    path("palette/", palette.show, name="palette"),
    path("cases/", queue.cases, name="cases"),
    path("cases/claim/", queue.claim, name="case-claim"),
    path("cases/views/", saved_views.listing, name="saved-views"),
    path("cases/views/counts/", saved_views.counts, name="saved-views-counts"),
    path("cases/views/new/", saved_views.new, name="saved-view-new"),
    path("cases/views/<int:pk>/", saved_views.edit, name="saved-view"),
    path("cases/views/<int:pk>/delete/", saved_views.delete, name="saved-view-delete"),
    path("cases/views/<int:pk>/copy/", saved_views.copy, name="saved-view-copy"),
    path("cases/views/<int:pk>/pin/", saved_views.pin, name="saved-view-pin"),
    path("cases/bulk/", bulk.choose, name="bulk"),
    path("cases/bulk/jobs/", bulk.listing, name="bulk-jobs"),
    path("cases/bulk/jobs/<int:pk>/", bulk.detail, name="bulk-job"),
    path("cases/bulk/jobs/<int:pk>/cancel/", bulk.cancel, name="bulk-cancel"),
    path("cases/bulk/jobs/<int:pk>/retry/", bulk.retry, name="bulk-retry"),
    path("cases/bulk/jobs/<int:pk>/result.csv", bulk.export, name="bulk-result"),
    # Nothing under /live/ prolongs a session: a page that was left open must not keep somebody logged in.
    path("live/", live.stream, name="live"),
    path("live/poll/", live.poll, name="live-poll"),
    path("live/list/", live.listing, name="live-list"),
    path("live/next/", live.waiting, name="live-next"),
    path("live/presence/", presence.rows, name="live-presence"),
    path("live/cases/<case:number>/", live.case, name="live-case"),
    path("live/cases/<case:number>/here/", presence.here, name="live-here"),
    path("settings/alerts/", alerts.alerts, name="alerts"),
]
