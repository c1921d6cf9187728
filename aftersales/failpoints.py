"""Named places where a test may kill the process; nothing happens unless the environment names one."""

import os
import signal

PLACES = (
    "refund.before_claim",
    "refund.claimed_not_committed",
    "refund.claimed",
    "refund.before_query",
    "refund.after_query",
    "refund.before_send",
    "refund.after_send",
    "refund.before_apply",
    "refund.applied_not_committed",
    "refund.applied",
)


def reached(place: str) -> None:
    """Die here, as by kill -9, when DESK_FAILPOINT names this place."""
    if os.environ.get("DESK_FAILPOINT") == place:
        os.kill(os.getpid(), signal.SIGKILL)
