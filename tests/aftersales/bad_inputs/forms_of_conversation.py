"""Forms of the thread, of canned replies and of macros."""

from tests.aftersales.bad_inputs.form import Form
from tests.aftersales.bad_inputs.world import S

CONVERSATION = {
    "message": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/messages/",
        lambda world: {"kind": "message", "text": "x"},
        S.PENDING_MERCHANT,
        ("text",),
    ),
    "note": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/messages/",
        lambda world: {"kind": "note", "text": "x"},
        S.PENDING_MERCHANT,
        ("text",),
    ),
    "use-reply": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/replies/",
        lambda world: {"reply": world.reply.pk, "lang": "en"},
        also=frozenset({404}),
    ),
    "run-macro": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/macros/{world.macro.pk}/",
        lambda world: {"macro_version": world.macro.version, "text_1": "x", "lang": "en"},
        S.PENDING_MERCHANT,
        ("text_1",),
    ),
    "reply": Form(
        "agent",
        lambda world: f"/replies/{world.reply.pk}/",
        lambda world: {
            "whose": "personal",
            "title_en": "x",
            "body_en": "x",
            "seen": world.reply.changed_at.isoformat(),
        },
        "",
        ("title_en", "body_en", "title_zh", "body_zh", "shortcut", "categories", "seen"),
        ids=lambda world: {"whose": "global", "reasons": "no_such_reason", "case_types": "nonsense"},
    ),
    "macro": Form(
        "agent",
        lambda world: "/replies/macros/new/",
        lambda world: {
            "whose": "personal",
            "title_en": "x",
            "rows": "1",
            "step-1-kind": "offer",
            "step-1-text_en": "x",
            "step-1-amount": "5",
            "step-1-currency": "CNY",
        },
        "",
        ("title_en", "title_zh", "step-1-text_en", "step-1-text_zh", "step-1-currency", "step-1-ticks"),
        lambda world: ("step-1-amount", "step-1-percent"),
        lambda world: {"whose": "team-987654", "step-1-reject_reason": "987654", "step-1-team": "987654"},
    ),
}
