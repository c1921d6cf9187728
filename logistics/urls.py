"""The webhook of carriers."""

from django.urls import path

from logistics import views

app_name = "logistics"
urlpatterns = [path("<str:source>/<str:account>/", views.webhook, name="webhook")]
