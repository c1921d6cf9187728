"""What every installation starts with: roles, reasons, reasons to reject, policies. Admins edit them afterwards."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group

from aftersales.models import Policy, Reason, RejectReason
from aftersales.rules.vocabulary import Role

STAFF = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.FINANCE, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN)
ALWAYS = datetime(2016, 1, 1, tzinfo=UTC)  # older than any order: those of the Olist sample begin in 2016
DATA = Path(__file__).with_suffix(".toml")


def install() -> None:
    """Create what is missing; never changes what an admin has edited."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    for role in STAFF:
        Group.objects.get_or_create(name=role.value)
    for position, reason in enumerate(data["reason"]):
        defaults = {"position": position, **_of_class(data, str(reason["problem_class"])), **reason}
        Reason.objects.get_or_create(code=reason["code"], defaults=defaults)
    for position, rejection in enumerate(data["rejection"]):
        RejectReason.objects.get_or_create(code=rejection["code"], defaults={"position": position, **rejection})
    if not Policy.objects.exists():
        Policy.objects.create(name="General", version=1, effective_from=ALWAYS, note="Defaults of the product.")
        for exclusion in data["exclusion"]:
            Policy.objects.create(version=1, effective_from=ALWAYS, no_reason_allowed=False, **exclusion)


def _of_class(data: dict[str, Any], problem_class: str) -> dict[str, object]:
    """What all reasons of a class begin with: the agent's procedure, and how much may be compensated."""
    procedure = data["procedure"][problem_class]
    return {
        "sop_en": procedure["en"],
        "sop_zh": procedure["zh"],
        "compensation_percent": data["ceiling"][problem_class],
    }
