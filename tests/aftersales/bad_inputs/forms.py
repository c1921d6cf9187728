"""Every form of the console: what a good one holds, and what in it is text, money, id."""

from aftersales.models import Reason
from tests.aftersales.bad_inputs.form import Form
from tests.aftersales.bad_inputs.forms_of_conversation import CONVERSATION
from tests.aftersales.bad_inputs.forms_of_goods import GOODS
from tests.aftersales.bad_inputs.forms_of_money import MONEY
from tests.aftersales.bad_inputs.forms_of_moves import MOVES
from tests.aftersales.bad_inputs.world import S

FORMS = {
    **CONVERSATION,
    **MOVES,
    **GOODS,
    **MONEY,
    "apply": Form(
        "agent",
        lambda world: f"/orders/{world.order.number}/apply/",
        lambda world: {"type": "return_refund", "reason": "changed_mind", f"units_{world.order.lines.get().pk}": "1"},
        "",
        ("description", "reason"),
        lambda world: (f"amount_{world.order.lines.get().pk}", f"units_{world.order.lines.get().pk}"),
        lambda world: {f"units_{world.foreign.order.lines.get().pk}": "1"},
    ),
    "outage": Form(
        "supervisor",
        lambda world: "/trouble/outage/",
        lambda world: {"started_at": "2026-03-10T12:00", "ended_at": "2026-03-10T12:30", "reason": "x"},
        "",
        ("reason", "started_at", "ended_at"),
    ),
    "import": Form(
        "supervisor",
        lambda world: "/imports/",
        lambda world: {"source": "douyin", "merchant": world.shop.pk},
        "",
        ("source", "merchant", "tables"),
        ids=lambda world: {"merchant": 987654},
    ),
    "claim": Form("agent", lambda world: "/cases/claim/"),
    "saved-view": Form(
        "agent",
        lambda world: "/cases/views/new/",
        lambda world: {"name": "x", "share": "mine", "view": "open", "column_1": "what"},
        "",
        ("name", "q", "merchant", "state", "buyer", "view", "column_1"),
        ids=lambda world: {"share": "team", "team": 987654},
    ),
    "bulk": Form(
        "agent",
        lambda world: "/cases/bulk/",
        lambda world: {
            "action": "approve",
            "selected": f"{world.cases[S.PENDING_MERCHANT].pk}.{world.cases[S.PENDING_MERCHANT].version}",
            "go": "1",
        },
        "",
        ("why",),
        ids=lambda world: {"selected": "987654.1"},
    ),
    "reveal": Form(
        "agent",
        lambda world: f"/cases/{world.cases[S.PENDING_MERCHANT].number}/reveal/",
        lambda world: {"what": "phone"},
        S.PENDING_MERCHANT,
        ("what",),
        also=frozenset({403}),
    ),
    "order-confirmed": Form(
        "agent",
        lambda world: f"/orders/{world.order.number}/confirmed/",
        lambda world: {"line": world.order.lines.first().pk, "confirmed_as": "defect", "proof": "x"},
        "",
        ("proof", "confirmed_as"),
        lambda world: ("line",),
        lambda world: {"line": world.foreign.order.lines.get().pk},
    ),
    "order-invoice": Form(
        "agent",
        lambda world: f"/orders/{world.order.number}/invoice/",
        lambda world: {"title": "x", "tax_number": "91330100799655058B", "invoice_number": "1"},
        "",
        ("title", "tax_number", "invoice_number"),
    ),
    "order-window": Form(
        "supervisor",
        lambda world: f"/orders/{world.order.number}/window/",
        lambda world: {"reason": Reason.objects.get(code="agreed").pk, "until": "2026-03-11", "why": "x"},
        "",
        ("until", "why"),
        lambda world: ("reason",),
        lambda world: {"reason": 987654},
    ),
    "order-goods": Form(
        "agent",
        lambda world: f"/orders/{world.order.number}/goods/",
        lambda world: {"said": "arrived", "happened_at": "2026-03-09T10:00", "proof": "x"},
        "",
        ("proof", "happened_at"),
    ),
    "login": Form(
        "",
        lambda world: "/login/",
        lambda world: {"username": "agent", "password": "wrong"},
        "",
        ("username", "password", "next"),
    ),
    "language": Form("agent", lambda world: "/language/", lambda world: {"language": "en"}, "", ("language", "next")),
    "theme": Form("agent", lambda world: "/theme/", lambda world: {"theme": "dark"}, "", ("theme", "next")),
}
