"""Money: refunds, receivables, approvals, invoice tasks, the test bank; and the failed jobs."""

from django.urls import path

from aftersales.views.oversight import failed_jobs
from aftersales.views.refunds import approvals, finance, invoice_tasks, receivables, sandbox

urlpatterns = [
    path("finance/", finance.desk, name="finance"),
    path("finance/release/", finance.release_many, name="finance-release"),
    path("finance/guarantee/", finance.accounts, name="finance-accounts"),
    path("finance/guarantee/<slug:code>/", finance.account, name="finance-account"),
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
    path("trouble/", failed_jobs.desk, name="trouble"),
    path("trouble/outage/", failed_jobs.outage, name="trouble-outage"),
    path("trouble/<slug:kind>/<int:pk>/", failed_jobs.again, name="trouble-again"),
]
