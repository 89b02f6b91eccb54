# The commands of this project; `make help` lists them. Variables: PYTHON, PORT, DEMO, DATABASE_URL, REDIS_URL.
PYTHON ?= python3
PORT ?= 8000
DEMO ?= auto
TEST_DATABASE_URL = $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/rehab)
TEST_REDIS_URL = $(or $(REDIS_URL),redis://127.0.0.1:6379/5)

PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# Each worker begins with one half in order, so that what a file sets up once is mostly set up once.
AT_ONCE := -n 2 --dist worksteal
# These settings make up secrets of one run, so that a check needs none.
CHECK_MANAGE := DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py
PIP := $(PY) -m pip --no-input --disable-pip-version-check install --require-hashes
LOCK := $(PY) -m piptools compile --quiet --no-emit-index-url --no-emit-find-links \
	--generate-hashes --strip-extras --allow-unsafe
COVERED := services selectors analytics reference

.DEFAULT_GOAL := help
.PHONY: help install install-dev run reset test test-services test-faults test-browser check coverage lock messages openapi bench
.SUFFIXES:

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

install: .venv/.installed ## Make the virtual environment and install what the service runs on

install-dev: .venv/.installed-dev

.venv/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Name another: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12"; \
		exit 1; }
	@echo "Installing into .venv (only when requirements.txt changed)"
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing the tools of checks and tests (only when requirements-dev.txt changed)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

run: .venv/.installed ## Run everything on this machine (PORT=8010, DEMO=yes|no)
	@$(PY) -m rehab.local_secrets
	@exec env PYTHONUNBUFFERED=1 $(PY) manage.py serve_all --port "$(PORT)" --demo "$(DEMO)"

reset: .venv/.installed ## Delete the local data, after asking
	@$(PY) -m rehab.management.reset

test: .venv/.installed-dev ## Run the tests; they need no server, browser or network
	$(PYTEST) $(AT_ONCE)

test-services: .venv/.installed-dev ## Run the tests on PostgreSQL and Redis (DATABASE_URL, REDIS_URL)
	@DATABASE_URL="$(TEST_DATABASE_URL)" REDIS_URL="$(TEST_REDIS_URL)" $(PYTEST) $(AT_ONCE) -m "(services or database and not browser) and not faults"

test-faults: .venv/.installed-dev ## Kill workers and restart the broker, on both engines (FAULTS_KILLS=50 FAULTS_RESTARTS=10 for all)
	@DATABASE_URL="$(TEST_DATABASE_URL)" REDIS_URL="$(TEST_REDIS_URL)" $(PYTEST) $(AT_ONCE) -m faults tests/faults

test-browser: .venv/.installed-dev ## Run the tests that drive Chromium
	$(PYTEST) $(AT_ONCE) -m browser tests/browser

check: .venv/.installed-dev ## Lint, types, layers, migrations, API description, translations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --explicit-package-bases accounts content rehab tests benchmarks
	$(PY) .venv/bin/lint-imports
	$(CHECK_MANAGE) makemigrations --check --dry-run
	# 0011_watermark widens a check: SQLite copies the table for it, and the linter takes the copy's columns for new ones.
	$(CHECK_MANAGE) lintmigrations --no-cache --ignore-initial-migrations --ignore-name 0011_watermark --include-apps accounts content rehab
	@described=$$(mktemp) && trap 'rm -f "$$described"' EXIT && \
	$(CHECK_MANAGE) spectacular --validate --fail-on-warn --file "$$described" && \
	{ diff -u docs/openapi.yaml "$$described" || { echo "docs/openapi.yaml is out of date: make openapi"; exit 1; }; }
	$(CHECK_MANAGE) translations --check

coverage: .venv/.installed-dev ## Run the tests and require 95 % of the domain's branches
	$(PYTEST) $(AT_ONCE) --cov --cov-branch --cov-report=
	$(PY) -m coverage report --skip-covered --skip-empty
	@for part in $(COVERED); do \
		$(PY) -m coverage report --include="rehab/$$part/*" --fail-under=95 | tail -n 1 | sed "s|^|rehab/$$part: |" && \
		$(PY) -m coverage report --include="rehab/$$part/*" --fail-under=95 >/dev/null || \
		{ echo "rehab/$$part is below 95 %"; exit 1; }; \
	done

lock: .venv/.installed-dev ## Pin requirements.in and requirements-dev.in again, with hashes
	$(LOCK) --output-file=requirements.txt requirements.in
	$(LOCK) --output-file=requirements-dev.txt requirements-dev.in
	@! grep -nE '^ *-(-(extra-)?index-url|-find-links|-trusted-host|[if]\b)|^[^#]*(file:|://)' requirements.txt requirements-dev.txt || \
		{ echo "The lock files name an index or a path of this machine (above)."; exit 1; }

messages: .venv/.installed-dev ## Collect and compile the translations
	$(CHECK_MANAGE) translations

openapi: .venv/.installed-dev ## Write docs/openapi.yaml
	$(CHECK_MANAGE) spectacular --validate --fail-on-warn --file docs/openapi.yaml

bench: .venv/.installed-dev ## Run the benchmarks
	$(PY) -m benchmarks
