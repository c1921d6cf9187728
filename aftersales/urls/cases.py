"""The page of a case and everything done on it."""

from django.urls import path, register_converter

from aftersales.views.cases import case_page, checklist, moves, quick_view
from aftersales.views.conversation import canned_replies, case_macros, thread
from aftersales.views.disputes import evidence
from aftersales.views.refunds import agent_refunds, receivables
from aftersales.views.returns import labels


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
    path("cases/<case:number>/peek/", quick_view.peek, name="case-peek"),
    path("cases/<case:number>/reveal/", case_page.reveal, name="case-reveal"),
    path("cases/<case:number>/label/", labels.label, name="case-label"),
    path("cases/<case:number>/messages/", thread.write, name="case-message"),
    path("cases/<case:number>/draft/", thread.draft, name="case-draft"),
    path("cases/<case:number>/messages/<int:pk>/undo/", thread.undo, name="case-undo"),
    path("cases/<case:number>/refund/", agent_refunds.refund, name="case-refund"),
    path("cases/<case:number>/replies/", canned_replies.pick, name="case-replies"),
    path("cases/<case:number>/macros/", case_macros.offered, name="case-macros"),
    path("cases/<case:number>/macros/<int:pk>/", case_macros.run, name="case-macro"),
    path("cases/<case:number>/steps/", checklist.tick, name="case-step"),
    path("cases/<case:number>/evidence/", thread.attach, name="case-evidence"),
    path("cases/<case:number>/evidence/<int:pk>/", evidence.photo, name="case-photo"),
    path("cases/<case:number>/claim/", receivables.claim, name="case-claim-carrier"),
    path("cases/<case:number>/owed/<int:pk>/", receivables.receivable, name="case-receivable"),
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
