"""Evidence, guarantee accounts of merchants, payments that a buyer's bank disputes."""

from django.urls import path

from aftersales.views.disputes import evidence, guarantee, payment_disputes

urlpatterns = [
    path("finance/guarantee/", guarantee.accounts, name="finance-accounts"),
    path("finance/guarantee/<slug:code>/", guarantee.account, name="finance-account"),
    path("finance/guarantee/<slug:code>/<int:pk>/<slug:act>/", guarantee.answer, name="finance-withdrawal"),
    path("finance/disputes/", payment_disputes.desk, name="finance-disputes"),
    path("finance/disputes/of/<int:payment>/", payment_disputes.begin, name="finance-dispute-new"),
    path("finance/disputes/<int:pk>/", payment_disputes.dispute, name="finance-dispute"),
    path("cases/<case:number>/evidence/<int:pk>/", evidence.photo, name="case-photo"),
]
