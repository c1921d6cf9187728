"""Every form of the console: what a good one holds, and what in it is text, money, id."""

from logistics.models import StockItem
from tests.aftersales.bad_inputs.form import Form, line_of, reason_of
from tests.aftersales.bad_inputs.forms_of_moves import MOVES
from tests.aftersales.bad_inputs.world import S


def _inspected(world):
    line = line_of(world, S.INSPECTING)
    data = {"verdict": "pass"}
    for number in (1, 2):
        data |= {
            f"unit-{line.pk}-{number}-{name}": value
            for name, value in (("condition", "as_new"), ("disposition", "restock"), ("is_accepted", "on"))
        }
    return data


FORMS = {
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
    **MOVES,
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
    "approval": Form(
        "supervisor",
        lambda world: f"/approvals/{world.asked.pk}/",
        lambda world: {"verdict": "decline", f"{world.asked.pk}-answer": "x"},
    ),
    "apply": Form(
        "agent",
        lambda world: f"/orders/{world.order.number}/apply/",
        lambda world: {"type": "return_refund", "reason": "changed_mind", f"units_{world.order.lines.get().pk}": "1"},
        "",
        ("description", "reason"),
        lambda world: (f"amount_{world.order.lines.get().pk}", f"units_{world.order.lines.get().pk}"),
        lambda world: {f"units_{world.foreign.order.lines.get().pk}": "1"},
    ),
    "receive": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.RETURN_IN_TRANSIT].number}/receive/",
        lambda world: {f"units-{line_of(world, S.RETURN_IN_TRANSIT).pk}": "1"},
        S.RETURN_IN_TRANSIT,
        ("carrier", "waybill", "note"),
        lambda world: (f"units-{line_of(world, S.RETURN_IN_TRANSIT).pk}",),
        lambda world: {f"units-{world.foreign.lines.get().pk}": "1"},
    ),
    "inspect": Form(
        "warehouse",
        lambda world: f"/warehouse/{world.cases[S.INSPECTING].number}/inspect/",
        _inspected,
        S.INSPECTING,
        ("reject_note", "verdict"),
        ids=lambda world: {
            "reason": reason_of("window_over"),
            f"unit-{world.foreign.lines.get().pk}-1-condition": "as_new",
        },
    ),
    "parcel-record": Form(
        "merchant",
        lambda world: "/warehouse/parcels/new/",
        lambda world: {"merchant": world.shop.pk, "waybill": "X1", "contents": "x"},
        "",
        ("carrier", "waybill", "contents", "note"),
        ids=lambda world: {"merchant": world.foreign.merchant_id},
    ),
    "parcel-match": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.unidentified.pk}/match/",
        lambda world: {"number": world.order.number},
        "",
        ("number",),
        ids=lambda world: {"number": world.foreign.order.number},
    ),
    "parcel-back": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.unidentified.pk}/back/",
        lambda world: {"note": "SF 2"},
        "",
        ("note",),
    ),
    "parcel-away": Form(
        "warehouse",
        lambda world: f"/warehouse/parcels/{world.unidentified.pk}/away/",
        lambda world: {"disposition": "restock", f"units-{world.order.lines.get().pk}": "1"},
        "",
        ("note", "disposition"),
        lambda world: (f"units-{world.order.lines.get().pk}",),
        lambda world: {f"units-{world.foreign.order.lines.get().pk}": "1"},
    ),
    "stock-count": Form(
        "merchant",
        lambda world: "/warehouse/stock/count/",
        lambda world: {"merchant": world.shop.pk, "sku": "X-1", "counted": "3", "why": "x"},
        "",
        ("sku", "title", "why"),
        lambda world: ("counted",),
        lambda world: {"merchant": world.foreign.merchant_id},
    ),
    "stock-item": Form(
        "warehouse",
        lambda world: f"/warehouse/stock/{StockItem.objects.order_by('pk').first().pk}/",
        lambda world: {"counted": "3", "why": "x"},
        "",
        ("why",),
        lambda world: ("counted",),
    ),
    "stock-export": Form(
        "warehouse",
        lambda world: "/warehouse/stock/export/",
        lambda world: {"format": "csv"},
        "",
        ("format", "sku", "merchant", "disposition", "since"),
    ),
    "invoice_task": Form(
        "finance",
        lambda world: f"/tasks/{world.invoice_task.pk}/",
        lambda world: {f"{world.invoice_task.pk}-reference": "R-1", f"{world.invoice_task.pk}-note": "x"},
        "",
        (),
    ),
    "propose": Form(
        "finance",
        lambda world: f"/finance/{world.failed.number}/propose/",
        lambda world: {"reference": "x"},
        S.REFUND_FAILED,
        ("reference",),
    ),
    "retry": Form("finance", lambda world: f"/finance/{world.failed.number}/retry/", lambda world: {}, S.REFUND_FAILED),
    "release-many": Form(
        "finance",
        lambda world: "/finance/release/",
        lambda world: {"r": "1"},
        "",
        ("r",),
        ids=lambda world: {"r": world.failed.pk},
    ),
    "outage": Form(
        "supervisor",
        lambda world: "/trouble/outage/",
        lambda world: {"started_at": "2026-03-10T12:00", "ended_at": "2026-03-10T12:30", "reason": "x"},
        "",
        ("reason", "started_at", "ended_at"),
    ),
    "import": Form(
        "supervisor",
        lambda world: "/imports/",
        lambda world: {"source": "douyin", "merchant": world.shop.pk},
        "",
        ("source", "merchant", "tables"),
        ids=lambda world: {"merchant": 987654},
    ),
    "sandbox-faults": Form(
        "admin", lambda world: "/sandbox/faults/", lambda world: {"decline": "off"}, "", ("decline", "slow", "all")
    ),
    "settle-owed": Form(
        "finance",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/owed/{world.owed.pk}/",
        lambda world: {"act": "settle", "reference": "BANK-1", "note": "x"},
        "",
        ("reference", "note"),
    ),
    "waive-owed": Form(
        "finance",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/owed/{world.owed.pk}/",
        lambda world: {"act": "waive", "why": "x"},
        "",
        ("why",),
    ),
    "claim-carrier": Form(
        "warehouse",
        lambda world: f"/cases/{world.cases[S.RETURN_IN_TRANSIT].number}/claim/",
        lambda world: {
            "kind": "carrier_loss",
            "parcel": world.cases[S.RETURN_IN_TRANSIT].return_parcels.get().parcel_id,
            "amount": "5",
            "note": "x",
        },
        "",
        ("kind", "note"),
        lambda world: ("amount",),
        lambda world: {"parcel": 987654},
    ),
    "sandbox-balance": Form(
        "admin",
        lambda world: "/sandbox/balance/",
        lambda world: {"merchant": "one", "currency": "CNY", "amount": "5", "way": "limit"},
        "",
        ("merchant", "currency", "way"),
        lambda world: ("amount",),
        lambda world: {"merchant": "nobody"},
    ),
    "claim": Form("agent", lambda world: "/cases/claim/"),
    "saved-view": Form(
        "agent",
        lambda world: "/cases/views/new/",
        lambda world: {"name": "x", "share": "mine", "view": "open", "column_1": "what"},
        "",
        ("name", "q", "merchant", "state", "buyer", "view", "column_1"),
        ids=lambda world: {"share": "team", "team": 987654},
    ),
    "bulk": Form(
        "agent",
        lambda world: "/cases/bulk/",
        lambda world: {
            "action": "approve",
            "selected": f"{world.cases[S.PENDING_MERCHANT].pk}.{world.cases[S.PENDING_MERCHANT].version}",
            "go": "1",
        },
        "",
        ("why",),
        ids=lambda world: {"selected": "987654.1"},
    ),
    "reveal": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/reveal/",
        lambda world: {"what": "phone"},
        S.PENDING_MERCHANT,
        ("what",),
        also=frozenset({403}),
    ),
    "login": Form(
        "",
        lambda world: "/login/",
        lambda world: {"username": "agent", "password": "wrong"},
        "",
        ("username", "password", "next"),
    ),
    "language": Form("agent", lambda world: "/language/", lambda world: {"language": "en"}, "", ("language", "next")),
    "theme": Form("agent", lambda world: "/theme/", lambda world: {"theme": "dark"}, "", ("theme", "next")),
}
