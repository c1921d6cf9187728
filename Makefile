# make run          the desk with demo data on http://localhost:8000/ (PORT=8001 make run for another port)
# make test         the suite on a database of its own (ARGS=tests/orders or ARGS="-k refund" for a part of it)
# make long         the same with whole counts: 200 deaths, long games, every page in every language (docs/testing.md)
# make check        style, types, import contracts, templates, migrations, translations, deployment
# make bench        speed beside its yardsticks into var/bench.json (CASES=1000000)
# make screenshots  pictures of the main pages
# make .venv        only sets up: Python >= 3.11 and make are all it needs

PYTHON := .venv/bin/python
READY := .venv/.ready
CASES ?= 1000000
ARGS ?=
# A shell that points at real servers must not have its data tested on.
OWN := env -u DATABASE_URL -u REDIS_URL -u SECRET_KEY -u DESK_ENV -u DESK_VAR -u DJANGO_SETTINGS_MODULE

# Containers often forbid Python to keep what it compiled: each process then compiles all of Django for five seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test long check bench screenshots .venv

run: $(READY)
	@$(PYTHON) -m config.process.dev_runner

# A module stays with one worker: what it sows, and where it walks, is done once.
test: $(READY)
	@$(OWN) $(PYTHON) -m pytest -n auto --dist loadscope --no-loadscope-reorder $(ARGS)

long: $(READY)
	@LONG=1 $(OWN) $(PYTHON) -m pytest -n auto --dist loadscope --no-loadscope-reorder --durations=40 $(ARGS)

check: $(READY)
	@$(OWN) $(PYTHON) -m config.lint.checks $(ARGS)

bench: $(READY)
	@$(PYTHON) -m tests.bench --cases $(CASES) $(ARGS)

screenshots: $(READY)
	@$(OWN) $(PYTHON) -m pytest -q -p no:cacheprovider tests/browser/demo/screenshots.py $(ARGS)

.venv: $(READY)

$(READY): uv.lock
	@sh .ci/venv
	@touch $@
