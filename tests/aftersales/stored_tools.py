"""Replies and macros for tests, made the way people make them."""

from aftersales.actions.conversation import tools
from aftersales.models import Macro, MacroStep, Reply
from aftersales.rules.conversation.tools import Scope, StepKind, Whom
from tests.factories import NOON

K = StepKind


def reply(by, scope=Scope.EVERYBODY, **fields):
    """A reply in both languages, for everybody unless told otherwise."""
    words = {
        "title_en": "Thanks",
        "title_zh": "感谢",
        "body_en": "Thank you, {buyer}.",
        "body_zh": "{买家称呼}，谢谢。",
    }
    owner = by.user_id if scope == Scope.PERSONAL else None
    return tools.store(Reply(scope=scope, owner_id=owner, **{**words, **fields}), by=by, at=NOON)


def macro(by, *steps, scope=Scope.EVERYBODY, **fields):
    """A macro of steps, each its kind or its fields."""
    rows = [MacroStep(**(step if isinstance(step, dict) else {"kind": step})) for step in steps]
    owner = by.user_id if scope == Scope.PERSONAL else None
    titles = {"title_en": "A macro", "title_zh": "一个宏"}
    return tools.store_macro(Macro(scope=scope, owner_id=owner, **{**titles, **fields}), rows, by=by, at=NOON)


def says(text, kind=K.MESSAGE, **fields):
    """A step with a text."""
    return {"kind": kind, "text_en": text, "text_zh": text, **fields}


TO_ME = {"kind": K.ASSIGN, "whom": Whom.ME}
