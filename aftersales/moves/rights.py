"""Rights that leave no event: to write, to keep tools, to work on parcels and stock, to run the platform."""

from typing import Final

from aftersales.moves.record import Act
from aftersales.rules.permissions import AGENTS, AGENTS_AND_MERCHANT, AGENTS_AND_PARTIES, WAREHOUSE_STAFF
from aftersales.rules.vocabulary import Role

R = Role

MESSAGE: Final = Act(name="message", who=AGENTS_AND_PARTIES, in_own_right=True)
NOTE: Final = Act(name="note", who=AGENTS)
TICK: Final = Act(name="tick", who=AGENTS)
PRINT_LABEL: Final = Act(name="print_label", who=AGENTS_AND_PARTIES | {R.WAREHOUSE}, in_own_right=True)
REASSIGN: Final = Act(name="reassign", who=frozenset({R.SUPERVISOR}))
SETTLE_BY_HAND: Final = Act(name="settle_by_hand", who=frozenset({R.FINANCE}), asks_anew=True)
MOVE_GUARANTEE: Final = Act(name="move_guarantee", who=frozenset({R.FINANCE}), asks_anew=True)
RECORD_PARCEL: Final = Act(name="record_parcel", who=WAREHOUSE_STAFF)
SETTLE_PARCEL: Final = Act(name="settle_parcel", who=WAREHOUSE_STAFF)
KEEP_INVOICE: Final = Act(name="keep_invoice", who=AGENTS_AND_MERCHANT | {R.FINANCE})
CORRECT_STOCK: Final = Act(name="correct_stock", who=WAREHOUSE_STAFF)
USE_TOOLS: Final = Act(name="use_tools", who=AGENTS)
KEEP_OWN_TOOLS: Final = Act(name="keep_own_tools", who=AGENTS)
KEEP_TEAM_TOOLS: Final = Act(name="keep_team_tools", who=frozenset({R.SENIOR, R.SUPERVISOR}))
KEEP_ALL_TOOLS: Final = Act(name="keep_all_tools", who=frozenset({R.SUPERVISOR}))
SHARE_VIEW: Final = Act(name="share_view", who=AGENTS)
SHARE_VIEW_WITH_ALL: Final = Act(name="share_view_with_all", who=frozenset({R.SUPERVISOR}))
IMPORT_ORDERS: Final = Act(name="import_orders", who=frozenset({R.SUPERVISOR}))
# Links for passwords, second factors, roles: what opens an account to somebody.
KEEP_ACCOUNTS: Final = Act(name="keep_accounts", who=frozenset({R.ADMIN}), asks_anew=True)
# Whom it serves does not record it: a merchant is one of the parties.
CONFIRM_EXCLUSION: Final = Act(name="confirm_exclusion", who=AGENTS)
# It sets aside a promise of the policy for one order, so it is nobody's but a supervisor's.
OPEN_WINDOW: Final = Act(name="open_window", who=frozenset({R.SUPERVISOR}))
# No carrier tells of it: who sent the goods, or speaks with the buyer, says so with proof.
TELL_GOODS: Final = Act(name="tell_goods", who=AGENTS_AND_MERCHANT)
DECLARE_OUTAGE: Final = Act(name="declare_outage", who=frozenset({R.SUPERVISOR}))
SANDBOX: Final = Act(name="sandbox", who=frozenset({R.ADMIN}))
