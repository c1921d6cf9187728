"""Addresses of the queue of cases, of what people keep of it, and of acts for many."""

from django.urls import path

from aftersales.views.console import bulk, queue, saved_views

urlpatterns = [
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
]
