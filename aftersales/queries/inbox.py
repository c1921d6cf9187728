"""The queue of cases: one function per filter, shared by the list, its counts and every number that opens a list.

Parameters in the address, all optional and combined by "and":
`view` (waiting, mine, unassigned, open, breached, due, clock, ended, all), `state`, `type`, `merchant` (id), `assignee`
(id, or `none` for nobody), `team` (id), `reason` (code), `age` (`0-1`, `1-3`, `3-7`, `7+` days since opened_on), `due` (`15m`, `1h`,
`4h`, `overdue`), `breached=1`, `clock_approved=YYYY-MM-DD`, `ended=YYYY-MM-DD`, `opened=YYYY-MM-DD`, `q` (search).
"""
