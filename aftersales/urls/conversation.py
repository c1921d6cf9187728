"""Canned replies and macros: where people keep them."""

from django.urls import path

from aftersales.views.conversation import canned_replies, macros

urlpatterns = [
    path("replies/", canned_replies.listing, name="replies"),
    path("replies/new/", canned_replies.new, name="reply-new"),
    path("replies/<int:pk>/", canned_replies.edit, name="reply"),
    path("replies/<int:pk>/archive/", canned_replies.archive, name="reply-archive"),
    path("replies/macros/", macros.listing, name="macros"),
    path("replies/macros/new/", macros.new, name="macro-new"),
    path("replies/macros/<int:pk>/", macros.edit, name="macro"),
    path("replies/macros/<int:pk>/archive/", macros.archive, name="macro-archive"),
]
