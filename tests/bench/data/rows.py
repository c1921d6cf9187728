"""Rows of cases in every state, as texts for COPY: a case with its order, payment, events, promises and refund."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from aftersales.rules.policies import clock_lines
from aftersales.rules.policies.clocks import CLOCKS, paused_in
from aftersales.rules.vocabulary import ENDED, CaseType, DeadlineKind, Status
from tests.bench.data import texts
from tests.bench.data.columns import BUYER, CASE, LINE, MESSAGE, ORDER, PAYMENT
from tests.bench.data.stories import BACK, GOODS, Story

S, K = Status, DeadlineKind
NULL = r"\N"
DAY = 1440  # minutes
LIVE_DAYS = 60


@dataclass(frozen=True)
class Shop:
    """A merchant of the bench as rows refer to it."""

    id: int
    address_id: int
    team_id: int
    agents: tuple[int, ...]


@dataclass(frozen=True)
class World:
    """What all rows refer to; `at` is the moment the seed pretends to be."""

    shops: Sequence[Shop]
    policy_id: int
    reasons: dict[str, int]
    at: datetime


class Rows:
    """Texts for COPY, table by table."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tables: dict[str, list[str]] = defaultdict(list)
        self.stamp = lru_cache(maxsize=700_000)(self._stamp)

    def _stamp(self, minute: int) -> str:
        """A moment so many minutes after the seed's."""
        return (self.world.at + timedelta(minutes=minute)).isoformat()

    def order(self, number: int, shop: Shop, *, price: int, goods: tuple[str, str], held: str = "") -> None:
        """An order of two units, signed two days before; `held` says whether a case holds, has given back, or freed it."""
        self.sale(number, shop, price=price, goods=goods, signed=-2 * DAY, held=held, refund="")

    def sale(
        self, n: int, shop: Shop, *, price: int, goods: tuple[str, str], signed: int, held: str, refund: str
    ) -> None:
        """An order with its buyer, line and payment."""
        at, paid = self.stamp, 2 * price
        buyer, tail, name = BUYER + n // 2, f"{n // 2 % 10000:04d}", texts.name(n // 2)
        if n % 2 == 0:
            self.tables["orders_buyer"].append(
                f"{buyer}\tmanual\tbench-{n}\t{name}\t1380000{tail}\t{tail}\t\t1\t{at(signed)}"
            )
        is_held = held == "held"
        done = NULL if held == "held" or not held else at(signed + 10 * DAY)
        self.tables["orders_order"].append(
            f"{ORDER + n}\tBO-{n:08d}\tmanual\tBO-{n:08d}\t{shop.id}\t{buyer}\tCNY\tsigned\t{paid}\t10\t{paid + 10}\t"
            f"{at(signed - 3 * DAY)}\t{at(signed - 3 * DAY)}\t{at(signed - 2 * DAY)}\t{at(signed)}\t{done}\t"
            f"{at(signed + 10 * DAY)}\t{'5 days' if is_held else NULL}\t{int(is_held)}\tscan\tscan\t"
            f"0\t0\t0\t0\t0\t{name}\t1380000{tail}\t{tail}\tShanghai Jing'an\t\tNanjing Road {n % 900}\t\t\tf\t0\t\t"
            f"{at(signed)}"
        )
        reserved, settled = (2, paid) if is_held else (0, 0), (2, paid) if held == "settled" else (0, 0)
        self.tables["orders_orderline"].append(
            f"{LINE + 2 * n}\t{ORDER + n}\t1\tSKU-{price}\t{goods[0]}\t{goods[1]}\t2\t{price}\t{paid}\t{reserved[0]}\t"
            f"{reserved[1]}\t{settled[0]}\t{settled[1]}\t\tclothing\tf\t0\t0\t0\t0"
        )
        self.tables["orders_payment"].append(
            f"{PAYMENT + n}\t{ORDER + n}\t1\twallet\tCNY\t{paid + 10}\t{paid if refund == 'held' else 0}\t"
            f"{paid if refund == 'paid' else 0}\tpay-{n}\t{at(signed - 3 * DAY)}\t1\t0\t0\tsandbox"
        )

    def case(
        self, n: int, story: Story, shop: Shop, *, opened: int, moved: int, due: int, agent: int | None, cheap: bool
    ) -> None:
        """A case that was opened, moved last and is due so many minutes from the seed's moment."""
        title, variant, price = GOODS[0 if cheap else n % len(GOODS)]
        status, is_open = story.status, story.status not in ENDED
        held = "held" if is_open else "settled" if status == S.COMPLETED else "freed"
        refund = {S.REFUNDING: "held", S.COMPLETED: "paid"}.get(status, "")
        self.sale(n, shop, price=price, goods=(title, variant), signed=opened - 2 * DAY, held=held, refund=refund)
        self._lines(n, story, 2 * price, held)
        version = self._events(n, story, opened, moved, agent)
        kind = self._deadlines(n, story, opened, moved, due)
        self._case(n, story, shop, opened, moved, due, agent, kind, version, 2 * price, f"{title} {variant}".strip())
        self._round(n, story, opened, moved, 2 * price)
        self._money(n, story, shop, moved, 2 * price)
        texts.tell(self.tables, n, shop.id, (CASE + n, MESSAGE + 4 * n), agent, (title, variant), self.stamp(opened))

    def _case(
        self, n: int, story: Story, shop: Shop, opened: int, moved: int, due: int, agent: int | None, kind: str,
        version: int, amount: int, subject: str,
    ) -> None:  # fmt: skip
        at, status = self.stamp, story.status
        is_open, is_fresh = status not in ENDED, not story.moves
        address = shop.address_id if story.type == CaseType.RETURN_REFUND else NULL
        agreed = amount if status in (S.REFUNDING, S.REFUND_FAILED, S.COMPLETED) else NULL
        approved = any(move[0] == "approve" for move in story.moves)
        self.tables["aftersales_case"].append(
            f"{CASE + n}\tAB-26-{n:08d}\t{ORDER + n}\t{shop.id}\t{BUYER + n // 2}\tCNY\t{story.type}\t{status}\t{version}"
            f"\t{subject}\t{self.world.reasons[story.type]}\tbuyer\tbuyer\t{story.goods}\t{self.world.policy_id}\t{amount}"
            f"\t{agreed}\t{address}\t{NULL if agent is None else agent}\t{shop.team_id}\t{story.close_reason}"
            f"\t{at(opened)}\t{at(opened)[:10]}\t{at(moved)}\t{NULL if is_fresh else at(opened + 3)}"
            f"\t{at(opened + 60) if approved else NULL}\t{at(opened + 5) if is_fresh and n % 7 == 0 else NULL}"
            f"\t{NULL if is_open else at(moved)}\t{at(due) if kind else NULL}\t{kind}"
            f"\t1\t\t0\t0\t0\tbuyer\t\t\t\t0\t{'police' if status == S.SUSPENDED else ''}"
        )

    def _lines(self, n: int, story: Story, amount: int, held: str) -> None:
        back = 2 if story.status in BACK or (story.status == S.COMPLETED and len(story.moves) > 2) else 0
        holds, gave = (2, amount) if held == "held" else (0, 0), (2, amount) if held == "settled" else (0, 0)
        accepted = 0 if story.status == S.INSPECTING else back
        self.tables["aftersales_caseline"].append(
            f"{CASE + n}\t{ORDER + n}\t{LINE + 2 * n}\t{story.type}\t{'t' if held == 'held' else 'f'}\t2\t{amount}\t{back}"
            f"\t{accepted}\t{holds[0]}\t{holds[1]}\t{gave[0]}\t{gave[1]}\t{self.world.policy_id}"
        )

    def _events(self, n: int, story: Story, opened: int, moved: int, agent: int | None) -> int:
        rows, case, before, version = self.tables["aftersales_event"], CASE + n, str(S.PENDING_MERCHANT), 1
        rows.append(f"{case}\t{self.stamp(opened)}\tapply\tbuyer\t{NULL}\t\t{before}\t1\t\t{{}}")
        if not story.moves:
            given = "assign\tsupervisor" if agent is None else "claim\tagent"
            rows.append(f"{case}\t{self.stamp(moved)}\t{given}\t{NULL}\t{before}\t{before}\t1\t\t{{}}")
        for index, (action, role, after) in enumerate(story.moves, start=1):
            version += 1
            when = self.stamp(opened + (moved - opened) * index // len(story.moves))
            rows.append(f"{case}\t{when}\t{action}\t{role}\t{NULL}\t{before}\t{after}\t{version}\t\t{{}}")
            before = str(after)
        return version

    def _deadlines(self, n: int, story: Story, opened: int, moved: int, due: int) -> str:
        """Promises kept, missed and running; answers the kind that the case shows."""
        at, rows = self.stamp, self.tables["aftersales_deadline"]
        tail = f"0\t0\t{self.world.policy_id}\tcn-0\t0\t"
        reply = "met" if story.moves else "missed"
        first = f"{at(opened)}\t{at(opened + 5)}\t{NULL}\t{at(opened + 3 if story.moves else opened + 5)}"
        rows.append(f"{CASE + n}\tfirst_reply\t{reply}\t{first}\t{tail}")
        running, paused = _running(story.status), _paused(story.status)
        if K.MERCHANT_RESPONSE not in (*running, *paused):
            answered = f"{at(opened)}\t{at(opened + 2 * DAY)}\t{NULL}\t{at(opened + 60)}"
            rows.append(f"{CASE + n}\tmerchant_response\tmet\t{answered}\t{tail}")
        for kind in paused:
            rows.append(f"{CASE + n}\t{kind}\tpaused\t{at(opened)}\t{at(due)}\t20:00:00\t{NULL}\t{tail}")
        for kind in running:
            rows.append(f"{CASE + n}\t{kind}\tpending\t{at(moved)}\t{at(due)}\t{NULL}\t{NULL}\t{tail}")
        return str(running[0]) if running else ""

    def _round(self, n: int, story: Story, opened: int, moved: int, amount: int) -> None:
        outcome = _outcome(story)
        decided = NULL if outcome == "open" else self.stamp(moved)
        lines = f'[{{"line": {LINE + 2 * n}, "title": "Item", "units": 2, "amount": "{amount}"}}]'
        self.tables["aftersales_round"].append(
            f"{CASE + n}\t1\t{story.type}\t{self.world.reasons[story.type]}\t{amount}\t{lines}\t\tbuyer\t"
            f"{self.stamp(opened)}\t{outcome}\t{decided}\t\tsigned"
        )

    def _money(self, n: int, story: Story, shop: Shop, moved: int, amount: int) -> None:
        state = {S.REFUNDING: "awaiting_release", S.REFUND_FAILED: "failed", S.COMPLETED: "succeeded"}.get(story.status)
        if state:
            ended = NULL if state == "awaiting_release" else self.stamp(moved)
            self.tables["aftersales_refund"].append(
                f"bench{n:027d}\tsandbox\t{CASE + n}\t{ORDER + n}\t{shop.id}\t{PAYMENT + n}\tCNY\t{amount}\t{state}\t"
                f"{self.stamp(moved)}\t{ended}\t0\tmerchant\t1\tf\t\t\t\t"
            )
        if story.status == S.PENDING_BUYER:
            self.tables["aftersales_offer"].append(
                f"{CASE + n}\t1\t{story.type}\t{amount // 2}\t\topen\tagent\t{self.stamp(moved)}"
            )

    def random_case(self, n: int, story: Story, dice: random.Random) -> None:
        """A case at a likely time: open ones within sixty days, ended ones within a year."""
        shops = self.world.shops
        shop = shops[int(len(shops) * dice.random() ** 2)]
        if story.status in ENDED:
            moved = -int(365 * DAY * dice.random() ** 1.5) - 1
            opened, due = moved - dice.randrange(DAY, 12 * DAY), 0
        else:
            opened = -int(LIVE_DAYS * DAY * dice.random() ** 2) - 120
            moved, due = opened + int(-opened * 0.8 * dice.random()), 10 + dice.randrange(6 * DAY)
        is_free = story.status == S.PENDING_MERCHANT and dice.random() < 0.3
        agent = None if is_free else dice.choice(shop.agents)
        self.case(n, story, shop, opened=opened, moved=moved, due=due, agent=agent, cheap=False)


@lru_cache
def _running(status: str) -> list[DeadlineKind]:
    return list(clock_lines.first_in(status))


@lru_cache
def _paused(status: str) -> list[DeadlineKind]:
    return [kind for kind in paused_in(status) if kind in clock_lines.first_in(CLOCKS[kind].states[0])]


def _outcome(story: Story) -> str:
    actions = {move[0] for move in story.moves}
    if "approve" in actions:
        return "agreed"
    if "withdraw" in actions:
        return "closed"
    return "rejected" if "reject" in actions else "open"
