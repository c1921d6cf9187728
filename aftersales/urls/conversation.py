"""The thread of a case; canned replies and macros, on a case and where people keep them."""

from django.urls import path

from aftersales.views.conversation import canned_replies, case_macros, macros, thread

urlpatterns = [
    path("cases/<case:number>/messages/", thread.write, name="case-message"),
    path("cases/<case:number>/draft/", thread.draft, name="case-draft"),
    path("cases/<case:number>/messages/<int:pk>/undo/", thread.undo, name="case-undo"),
    path("cases/<case:number>/replies/", canned_replies.pick, name="case-replies"),
    path("cases/<case:number>/macros/", case_macros.offered, name="case-macros"),
    path("cases/<case:number>/macros/<int:pk>/", case_macros.run, name="case-macro"),
    path("cases/<case:number>/evidence/", thread.attach, name="case-evidence"),
    path("replies/", canned_replies.listing, name="replies"),
    path("replies/new/", canned_replies.new, name="reply-new"),
    path("replies/<int:pk>/", canned_replies.edit, name="reply"),
    path("replies/<int:pk>/archive/", canned_replies.archive, name="reply-archive"),
    path("replies/macros/", macros.listing, name="macros"),
    path("replies/macros/new/", macros.new, name="macro-new"),
    path("replies/macros/<int:pk>/", macros.edit, name="macro"),
    path("replies/macros/<int:pk>/archive/", macros.archive, name="macro-archive"),
]
