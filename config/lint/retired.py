"""What things were called before docs/glossary.md; none of it comes back as a second name for the same thing.

Each line has the name of today, then those of yesterday.
"""

from collections.abc import Iterator, Mapping
from typing import Final

VAGUE: Final = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})


def _table(text: str) -> Iterator[tuple[str, str]]:
    for line in text.strip().splitlines():
        today, _colon, yesterday = line.partition(": ")
        for name in yesterday.split():
            yield name, today


# As names of modules, of their tests and of folders.
MODULES: Final[Mapping[str, str]] = dict(
    _table("""
compiled_query: kept
applications: asking opening
scan_processing: judging
parsing: hearing
unidentified: loose unannounced
retry: tried
invoice_tasks: chores
receivables: owed demand demands
instant_refunds: advances
manual_settlement: by_hand
worker: payout
failed_jobs: quarantine trouble
burden_of_proof: burden
return_window: window
compensation_tiers: ladder rungs
changes: news
visibility_facts: glimpse
search_document: passage
queue_sidebar: pane
quick_view: peek
tool_pages: shelves
submissions: acting
conflicts: overtaken
assignment: handing staffing taking
fixtures: cast hand scene
behaviours: deeds toolbox
server_supervisor: keeper
status_lint: house
dev_runner: up
garbage_collection: memory
a prefetch: ahead case_ahead
the record of a move: case_moves case_shows case_words
stock: stockroom
""")
)

# As names in code.
NAMES: Final[Mapping[str, str]] = dict(
    _table("""
CompiledQuery: Kept KeptFor KeptSeen
a request: Asked
InvoiceTask: Chore
Receivable: Demand
behaviours: Deed
a set of roles by their name: FLOOR SHOP
VisibilityFacts: Glimpse
a situation or an actor: Hand
UnidentifiedParcel: LooseParcel
a change: News
SearchDocument: Passage
Retry: Tried
tiers: ladder rungs
tool pages: shelves
on_enter: consequences
seeded: sown
""")
)
