# Rollbook's commands. `make` lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# The first interpreter that is new enough and can make an environment. Another one: make setup PYTHON=/path/to/python
PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; done)

BIN := .venv/bin
# pip compiles one file after another; compileall uses every core.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
COMPILE := $(BIN)/python -m compileall -q -j 0 .venv/lib
# The tests start many processes, none of which should compile everything anew, even where Python is told to keep nothing.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3
ENVIRONMENT := .venv/environment.stamp
CHECKED := src tests $(if $(wildcard benchmarks/*.py),benchmarks)
NOUNS := organizations custom_fields people sessions courses classrooms classes subscriptions assignments enrollments accounts changes takeover access history
empty :=
space := $(empty) $(empty)
comma := ,

.PHONY: help
help: # List the targets
	@awk -F ':.*# ' '/^##/ { printf "\n%s\n", substr($$0, 4) } /^[a-z-]+:.*# / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

## Run it

.PHONY: run
run: setup # Serve a demo training center on http://127.0.0.1:8000
	$(BIN)/rollbook serve --demo

## Work on it

.PHONY: setup
setup: $(ENVIRONMENT) # Prepare .venv with everything pinned; does nothing when it is up to date

.PHONY: test
test: $(ENVIRONMENT) # Run every test, in random order, on three processes, since they wait for the disk
	$(PYTEST) $(TESTS)

.PHONY: check
check: $(ENVIRONMENT) # Check style, format, types and the order of imports
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy $(CHECKED)
	PYTHONPATH=src $(BIN)/lint-imports

.PHONY: format
format: $(ENVIRONMENT) # Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

.PHONY: coverage
coverage: $(ENVIRONMENT) # Measure coverage; the nouns must reach 100 % of their branches
	$(PYTEST) --cov --cov-report=
	$(BIN)/coverage report
	$(BIN)/coverage report --fail-under=100 --include='$(subst $(space),$(comma),$(foreach noun,$(NOUNS),*/rollbook/$(noun)/*))'

.PHONY: docs
docs: $(ENVIRONMENT) # Write the tables of docs/tms-api.md anew from the commands' declarations
	$(BIN)/python -m tests.api.reference.page

.PHONY: screenshots
screenshots: $(ENVIRONMENT) # Take the pictures of docs/console.md anew, of the demo; needs chromium
	$(BIN)/python -m tests.console.browser.pictures

.PHONY: bench
bench: $(ENVIRONMENT) # Measure what must be fast, each beside its limit
	$(BIN)/python -m benchmarks

## Keep it

.PHONY: pins
pins: # Compile requirements/ anew from pyproject.toml, with hashes
	requirements/compile

.PHONY: clean
clean: # Remove the environment and what the tools left
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Rollbook needs Python 3.11 or newer with its venv module (on Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(ENVIRONMENT): requirements/development.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements/development.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(COMPILE)
	@touch $@
