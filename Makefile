# What a person and the continuous integration both call. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCALES := src/lykta/locale src/lykta/sites/desk/locale
CATALOGUES := $(wildcard $(addsuffix /*/LC_MESSAGES/django.po,$(LOCALES)))

# The tests start some hundred processes: each would compile all of Lykta anew where nothing compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-large nightly clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/lykta $(VENV)/words ## start a practice hotline with a small world around it; Ctrl-C stops it
	@$(BIN)/lykta init --practice && exec $(BIN)/lykta up --practice

test: $(VENV)/dev $(VENV)/words $(VENV)/clients/fetched ## run the tests, on SQLite and, where PostgreSQL is installed, on PostgreSQL too
	$(BIN)/python tests/postgres.py -- $(BIN)/pytest -n 2 --dist worksteal tests/records tests/workflow
	$(BIN)/pytest -n 2 --dist worksteal

check: $(VENV)/dev $(VENV)/words ## check style, types, imports, translations and migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -p no:randomly tests/house
	LYKTA_TEST_HOME=$(VENV)/check $(BIN)/python -m django makemigrations --check --dry-run \
	  --settings lykta.config.settings.test

bench: $(VENV)/dev $(VENV)/words ## measure everything, or one group: make bench ONLY=intake
	$(BIN)/python -m tests.bench $(ONLY)

bench-large: $(VENV)/dev $(VENV)/words ## measure look-ups among 10 and 100 million hashes: 12 GB of memory, half an hour
	LYKTA_BENCH_LARGE=1 $(BIN)/python -m tests.bench match

nightly: $(VENV)/dev $(VENV)/words $(VENV)/nightly/made ## let wapiti and sqlmap loose on our own faces, on loopback
	$(BIN)/python -m tests.nightly $(VENV)/nightly/bin

clean: ## remove what was built; the state in var/ stays
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/lykta: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Lykta needs Python 3.11 or newer: make run PYTHON=python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/dev: $(VENV)/lykta requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/clients/fetched: tests/clients/fetch.sh requirements/clients.txt requirements/clients.npm.txt requirements/exchange.txt
	tests/clients/fetch.sh $(VENV)/clients
	@touch $@

# An environment of their own: wapiti pins libraries that Lykta needs newer.
$(VENV)/nightly/made: requirements/nightly.txt
	test -x $(VENV)/nightly/bin/python || $(PYTHON) -m venv $(VENV)/nightly
	$(VENV)/nightly/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/nightly.txt
	@touch $@

$(VENV)/words: $(VENV)/lykta $(CATALOGUES)
	for locale in $(LOCALES); do $(BIN)/python -m babel.messages.frontend --quiet compile -d $$locale -D django || exit; done
	@touch $@
