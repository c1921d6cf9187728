"""Virtual days of buyers, merchants, agents, warehouse, finance, carriers and the clock: fills demos and finds bugs."""
