"""The page of a case and everything done on it."""

from django.urls import path, register_converter

from aftersales.views import (
    case_macros,
    case_page,
    checklist,
    evidence,
    labels,
    moves,
    owed,
    peek,
    refunding,
    replies,
    thread,
)


class CaseNumber:
    """AS-26-004821; other words under /cases/ belong to the queue."""

    regex = r"[A-Z]{2}-[0-9]{2}-[0-9]{4,12}"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands on the case."""
        return value


register_converter(CaseNumber, "case")

urlpatterns = [
    path("cases/<case:number>/", case_page.case, name="case"),
    path("cases/<case:number>/peek/", peek.peek, name="case-peek"),
    path("cases/<case:number>/reveal/", case_page.reveal, name="case-reveal"),
    path("cases/<case:number>/label/", labels.label, name="case-label"),
    path("cases/<case:number>/messages/", thread.write, name="case-message"),
    path("cases/<case:number>/draft/", thread.draft, name="case-draft"),
    path("cases/<case:number>/messages/<int:pk>/undo/", thread.undo, name="case-undo"),
    path("cases/<case:number>/refund/", refunding.refund, name="case-refund"),
    path("cases/<case:number>/replies/", replies.pick, name="case-replies"),
    path("cases/<case:number>/macros/", case_macros.offered, name="case-macros"),
    path("cases/<case:number>/macros/<int:pk>/", case_macros.run, name="case-macro"),
    path("cases/<case:number>/steps/", checklist.tick, name="case-step"),
    path("cases/<case:number>/evidence/", thread.attach, name="case-evidence"),
    path("cases/<case:number>/evidence/<int:pk>/", evidence.photo, name="case-photo"),
    path("cases/<case:number>/claim/", owed.claim, name="case-claim-carrier"),
    path("cases/<case:number>/owed/<int:pk>/", owed.demand, name="case-demand"),
    *(
        path(
            f"cases/<case:number>/{action.replace('_', '-')}/",
            moves.move,
            {"action": action},
            name=f"case-{action.replace('_', '-')}",
        )
        for action in moves.ACTIONS
    ),
]
