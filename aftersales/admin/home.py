"""The admin's home: first what needs an admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from aftersales.queries.oversight import admin_tasks
from aftersales.queries.oversight.admin_tasks import Task


def with_tasks(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows, with what waits for an admin and where it is mended."""
    return context | {"tasks": [(task, _address(task)) for task in admin_tasks.tasks(timezone.now())]}


def _address(task: Task) -> str:
    if not task.model:
        return ""
    if task.pk is not None:
        return reverse(f"admin:aftersales_{task.model}_change", args=[task.pk])
    return reverse(f"admin:aftersales_{task.model}_changelist")
