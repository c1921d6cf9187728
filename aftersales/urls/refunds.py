"""Money: refunds, second persons, invoices, the test bank."""

from django.urls import path

from aftersales.views.refunds import (
    agent_refunds,
    approvals,
    finance,
    finance_history,
    invoice_tasks,
    receivables,
    sandbox,
)

urlpatterns = [
    path("cases/<case:number>/refund/", agent_refunds.refund, name="case-refund"),
    path("cases/<case:number>/claim/", receivables.claim, name="case-claim-carrier"),
    path("cases/<case:number>/owed/<int:pk>/", receivables.receivable, name="case-receivable"),
    path("finance/", finance.desk, name="finance"),
    path("finance/release/", finance.release_many, name="finance-release"),
    path("finance/history/", finance_history.history, name="finance-history"),
    path("finance/owed/", receivables.desk, name="finance-owed"),
    path("finance/<slug:number>/", finance.refund, name="finance-refund"),
    path("finance/<slug:number>/<slug:act>/", finance.act, name="finance-act"),
    path("approvals/", approvals.desk, name="approvals"),
    path("approvals/<int:pk>/", approvals.decide, name="approval"),
    path("tasks/", invoice_tasks.desk, name="invoice_tasks"),
    path("tasks/<int:pk>/", invoice_tasks.done, name="invoice_task"),
    path("sandbox/", sandbox.bank, name="sandbox"),
    path("sandbox/faults/", sandbox.faults, name="sandbox-faults"),
    path("sandbox/balance/", sandbox.balance, name="sandbox-balance"),
    path("sandbox/notices/", sandbox.notices, name="sandbox-notices"),
]
