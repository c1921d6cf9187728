"""Lives of cases, from the request on; where each stands now depends on when it began."""
