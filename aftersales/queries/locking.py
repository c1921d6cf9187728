"""Cases and their running promises, locked and read for a move: statements written once, objects straight from rows."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

from aftersales.models import Case, Deadline, Policy, Reason
from aftersales.queries.policies import calendars
from logistics.models import ReturnAddress
from orders import locking
from orders.db import statements
from orders.models import Merchant, Order

Row = Sequence[Any]
Some = TypeVar("Some", bound=models.Model)
RELATED: tuple[tuple[str, type[models.Model]], ...] = (
    ("policy", Policy),
    ("reason", Reason),
    ("merchant", Merchant),
    ("return_address", ReturnAddress),
)


def case(case_id: int) -> Case:
    """One case with what a move looks at, and its shop's calendar, locked until the transaction ends; DoesNotExist."""
    found = statements.rows(ONE, [case_id])
    if not found:
        raise Case.DoesNotExist
    row, start = found[0], len(NAMES[Case])
    result = _made(Case, row[:start])
    for name, model in RELATED:
        part = row[start : start + len(NAMES[model])]
        setattr(result, name, None if part[0] is None else _made(model, part))
        start += len(part)
    calendars.read_along(result.merchant_id, row[start:])
    return result


def free_cases(case_ids: Sequence[int]) -> dict[int, Case]:
    """Those of the cases that nobody else holds, locked, lowest id first; what they share is one object."""
    found = {row[0]: _made(Case, row) for row in statements.rows(MANY, [list(case_ids)])}
    for name, model in RELATED:
        _share(found.values(), name, model)
    return found


def orders(order_ids: Collection[int]) -> dict[int, Order]:
    """Orders whose facts are decided on, locked, lowest id first; rows that only name them need not wait."""
    if len(order_ids) == 1:
        return {pk: locking.order(pk) for pk in order_ids}
    return {row[0]: _made(Order, row) for row in statements.rows(ORDERS, [list(order_ids)])}


def first_free(case_ids: Sequence[int], statuses: Sequence[str]) -> Case | None:
    """The most pressing of the cases that nobody has taken or holds at this moment, locked."""
    found = statements.rows(FIRST, [list(case_ids), list(statuses)])
    return _made(Case, found[0]) if found else None


def capacity(user_id: int) -> int:
    """How many cases the person carries at most; who asks next waits until the end of this transaction."""
    return int(statements.rows(CAPACITY, [user_id])[0][0])


def live_deadlines(cases: dict[int, Case]) -> dict[int, list[Deadline]]:
    """Running and paused deadlines of cases, each knowing its case."""
    found: dict[int, list[Deadline]] = {}
    for row in statements.rows(LIVE, [list(cases)]):
        deadline = _made(Deadline, row)
        deadline.case = cases[deadline.case_id]
        found.setdefault(deadline.case_id, []).append(deadline)
    return found


def _share(cases: Iterable[Case], name: str, model: type[models.Model]) -> None:
    attribute = f"{name}_id"
    ids = {each.__dict__[attribute] for each in cases} - {None}
    known = {row[0]: _made(model, row) for row in statements.rows(SHARED[model], [list(ids)])} if ids else {}
    for each in cases:
        each._state.fields_cache[name] = known.get(each.__dict__[attribute])


def _made(model: type[Some], row: Row) -> Some:
    # What from_db() does, without asking each field and each signal: half the time of a batch went there.
    made = model.__new__(model)
    made.__dict__.update(zip(NAMES[model], row, strict=True))
    made._state = ModelState()
    made._state.db, made._state.adding = "default", False
    return made


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


MODELS: list[type[models.Model]] = [Case, Deadline, Order, *(model for _name, model in RELATED)]
NAMES = {model: _names(model) for model in MODELS}
ALIASES = [(_columns(model, name), name, model) for name, model in RELATED]
ONE = f"""
SELECT {_columns(Case, "c")}, {", ".join(columns for columns, _name, _model in ALIASES)}, {calendars.COLUMNS}
FROM aftersales_case c
JOIN aftersales_policy policy ON policy.id = c.policy_id
JOIN aftersales_reason reason ON reason.id = c.reason_id
JOIN orders_merchant merchant ON merchant.id = c.merchant_id
LEFT JOIN logistics_returnaddress return_address ON return_address.id = c.return_address_id
{calendars.JOIN}
WHERE c.id = %s FOR UPDATE OF c
"""  # noqa: S608 -- names of our own columns
MANY = f"SELECT {_columns(Case, 'c')} FROM aftersales_case c WHERE c.id = ANY(%s) ORDER BY c.id FOR UPDATE SKIP LOCKED"  # noqa: S608 -- likewise
ORDERS = f"SELECT {_columns(Order, 'o')} FROM orders_order o WHERE o.id = ANY(%s) ORDER BY o.id FOR NO KEY UPDATE"  # noqa: S608 -- likewise
FIRST = f"""
SELECT {_columns(Case, "c")} FROM aftersales_case c
WHERE c.id = ANY(%s) AND c.assignee_id IS NULL AND c.closed_at IS NULL AND c.status = ANY(%s)
ORDER BY c.priority DESC, c.due_at, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 -- likewise
# Rows that only name the person need not wait for it.
CAPACITY = "SELECT capacity FROM aftersales_user WHERE id = %s FOR NO KEY UPDATE"
SHARED = {
    model: f"SELECT {columns} FROM {model._meta.db_table} {name} WHERE {name}.id = ANY(%s)"  # noqa: S608 -- likewise
    for columns, name, model in ALIASES
}
LIVE = f"""
SELECT {_columns(Deadline, "d")} FROM aftersales_deadline d
WHERE d.case_id = ANY(%s) AND d.status IN ('pending', 'paused') ORDER BY d.id
"""  # noqa: S608 -- likewise
