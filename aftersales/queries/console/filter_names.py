"""What the ids and codes in an address of the queue stand for, and which of them stand for nothing any more."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Exists, F, Model, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import get_language

from aftersales.models import Case, Reason, Team, User
from aftersales.queries import visibility
from aftersales.queries.console.criteria import BadFilter, id_of
from orders.models import Buyer, Merchant

Params = Mapping[str, str]
NAMED: Final[dict[str, type[Model]]] = {"merchant": Merchant, "team": Team, "assignee": User, "buyer": Buyer}


def names(user: User, params: Params) -> dict[str, str]:
    """Names for the ids and codes among the parameters, in one query; only of what the person's cases mention."""
    if not params:
        return {}
    parts = [
        rows.order_by().values_list(Value(kind), Cast(name, TextField()))
        for kind, (rows, name) in _sources(user, params).items()
        if params.get(kind)
    ]
    return dict(parts[0].union(*parts[1:])) if parts else {}


def _sources(user: User, params: Params) -> dict[str, tuple[QuerySet[Any], Any]]:
    """For each filter the row that it names, and the column with the name."""
    seen = visibility.cases_for(user)
    display_name = Coalesce(NullIf("display_name", Value("")), "username")
    reason_name = "name_zh" if (get_language() or "").startswith("zh") else "name_en"
    sources: dict[str, tuple[QuerySet[Any], Any]] = {
        kind: (_named_by(seen, model, kind, params), display_name if model is User else F("name"))
        for kind, model in NAMED.items()
    }
    return sources | {"reason": (Reason.objects.filter(code=params.get("reason", "")), F(reason_name))}


def gone(params: Params) -> list[str]:
    """Filters by a row that does not exist any more, in one query; people who have left count as gone."""
    there = _named_rows(params)
    if not there:
        return []
    parts = [rows.order_by().values_list(Value(kind)) for kind, rows in there.items()]
    found = {kind for (kind,) in parts[0].union(*parts[1:])}
    return [kind for kind in there if kind not in found]


def _named_rows(params: Params) -> dict[str, QuerySet[Any]]:
    kinds = [kind for kind in NAMED if params.get(kind, "").isdigit()]
    rows: dict[str, QuerySet[Any]] = {
        kind: NAMED[kind]._default_manager.filter(pk=_number(params, kind)) for kind in kinds
    }
    if "assignee" in rows:
        rows["assignee"] = rows["assignee"].filter(is_active=True)
    if params.get("reason"):
        rows["reason"] = Reason.objects.filter(code=params["reason"])
    return rows


def _named_by(seen: QuerySet[Case], model: type[Model], kind: str, params: Params) -> QuerySet[Any]:
    # A name must not tell of a buyer or a team whose cases the person may not see.
    shown = Exists(seen.filter(**{kind: OuterRef("pk")}))
    return model._default_manager.filter(shown, pk=_number(params, kind))


def _number(params: Params, name: str) -> int:
    try:
        return id_of(params.get(name, ""))
    except BadFilter:
        return 0
