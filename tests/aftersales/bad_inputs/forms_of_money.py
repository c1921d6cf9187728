"""Forms of finance: second persons, refunds, receivables, invoices, the test bank."""

from tests.aftersales.bad_inputs.form import Form
from tests.aftersales.bad_inputs.world import S

MONEY = {
    "approval": Form(
        "supervisor",
        lambda world: f"/approvals/{world.asked.pk}/",
        lambda world: {"verdict": "decline", f"{world.asked.pk}-answer": "x"},
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
}
