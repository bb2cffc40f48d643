# make run   try it, or run it (see README.md)
# make test  the whole suite
# make help  everything else

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: run test check bench faults screens docs lock help

run: $(VENV)/.run ## set up, then run: the sandbox without Slack tokens, real Slack with them
	@$(BIN)/python -m bot run

test: $(VENV)/.test ## set up, then the whole suite, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest

check: $(VENV)/.test ## formatter, linter and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: $(VENV)/.test ## how fast it is: a table and bench.json
	@$(BIN)/python -m tests.bench

faults: $(VENV)/.test ## break it on purpose, and see that nothing is lost or doubled (FULL=1: the long run; ONLY=row)
	@$(BIN)/python -m tests.faults $(if $(FULL),--full --table) $(if $(ONLY),--only $(ONLY)) \
		$(if $(SEED),--seed $(SEED)) $(if $(JSON),--json $(JSON))

screens: $(VENV)/.test ## the screenshots of docs/screens, made anew (needs Chromium)
	@$(BIN)/python -m tests.screens

docs: $(VENV)/.test ## the tables of the README and .env.example, read from the code
	@$(BIN)/python -m tests.docs

lock: ## the lock files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --quiet -c requirements.lock -o requirements-dev.lock

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1	/'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Common Ground needs Python 3.11 or newer. Set PYTHON=… to name it." >&2; exit 2; }
	@umask 022 && $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 2; } # half of one would look like a whole

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@echo "Setting up. This takes about half a minute, once."
	@umask 022 && $(PIP) -r requirements.lock
	@touch $@

$(VENV)/.test: requirements-dev.lock | $(VENV)/bin/python
	@echo "Setting up. This takes about a minute, once."
	@umask 022 && $(PIP) -r requirements-dev.lock # the suite's PostgreSQL runs as another user
	@touch $@ $(VENV)/.run
