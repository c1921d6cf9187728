"""Canned replies and macros: where people keep them."""

from django.urls import path

from aftersales.views import macros, replies

urlpatterns = [
    path("replies/", replies.listing, name="replies"),
    path("replies/new/", replies.new, name="reply-new"),
    path("replies/<int:pk>/", replies.edit, name="reply"),
    path("replies/<int:pk>/archive/", replies.archive, name="reply-archive"),
    path("replies/macros/", macros.listing, name="macros"),
    path("replies/macros/new/", macros.new, name="macro-new"),
    path("replies/macros/<int:pk>/", macros.edit, name="macro"),
    path("replies/macros/<int:pk>/archive/", macros.archive, name="macro-archive"),
]
