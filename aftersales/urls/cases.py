"""The page of a case and the moves that are made on it."""

from django.urls import path

from aftersales.views.cases import case_page, checklist, moves, quick_view

urlpatterns = [
    path("cases/<case:number>/", case_page.case, name="case"),
    path("cases/<case:number>/peek/", quick_view.peek, name="case-peek"),
    path("cases/<case:number>/reveal/", case_page.reveal, name="case-reveal"),
    path("cases/<case:number>/steps/", checklist.tick, name="case-step"),
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
