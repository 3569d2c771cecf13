# Careweave: `make help` lists what there is to make.
.DEFAULT_GOAL := help
# the first Python that is new enough and whole (some builds lack ssl or venv)
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 /usr/bin/python3; do \
  $$p -c 'import sys, ssl, sqlite3, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && { echo $$p; break; }; done)
PORT ?= 8000
BENCH ?=
VENV := .venv
PY := $(VENV)/bin/python
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed

.PHONY: help setup run test test-all bench fuzz lint check docs screenshots lock clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 16

$(VENV)/bin/uv: requirements-bootstrap.txt
	@test -n "$(PYTHON)" || { echo "Careweave needs Python 3.11 or later with its venv module: apt install python3 python3-venv"; exit 1; }
	@start=$$(date +%s); $(PYTHON) -m venv $(VENV) \
	  && $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt \
	  && touch $@ && echo "[setup] environment in $(VENV): $$(( $$(date +%s) - start )) s"

$(RUN): $(VENV)/bin/uv requirements.txt
	@start=$$(date +%s); VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/uv pip install --quiet --require-hashes -r requirements.txt \
	  && touch $@ && echo "[setup] packages: $$(( $$(date +%s) - start )) s"

$(DEV): $(RUN) requirements-dev.txt
	@start=$$(date +%s); VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/uv pip install --quiet --require-hashes -r requirements-dev.txt \
	  && touch $@ && echo "[setup] packages for development: $$(( $$(date +%s) - start )) s"

setup: $(DEV)  ## make .venv/ with everything needed to run, test and develop
	@if $(PY) manage.py help build_assets >/dev/null 2>&1; then $(PY) manage.py build_assets; fi
	@$(PY) manage.py compile_catalogues

run: $(RUN)  ## start everything with demo content on http://localhost:8000 (PORT= to change)
	@PORT=$(PORT) $(PY) manage.py start

test: setup  ## all tests that need nothing but Python, on SQLite and then on PostgreSQL
	@$(VENV)/bin/pytest -n 2 -m "not browser and not network and not postgres"
	@$(PY) -m tests.with_postgres $(VENV)/bin/pytest -n 2 -m "not browser and not network and not sqlite"

test-all: setup  ## make test, then the big ones: every browser journey, accessibility, contracts
	@bash .ci/test-all

bench: setup  ## benchmarks, JSON on the last line (BENCH=lrs for one)
	@$(PY) -m tests.bench $(BENCH)

fuzz: setup  ## a million random inputs for all that reads statements and headers (FUZZ_COUNT=)
	@$(PY) -m tests.fuzz

lint: $(DEV)  ## style, types, templates, import contracts
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/lint-imports
	@$(VENV)/bin/mypy .
	@$(VENV)/bin/djlint --lint --quiet $$(git ls-files '*.html')

check: lint  ## lint, migrations and make test
	@$(PY) manage.py makemigrations --check --dry-run
	@$(MAKE) test

docs: $(DEV)  ## write the reference pages that are made from the code
	@$(PY) manage.py write_reference

screenshots: setup  ## take the pictures of docs/images again (needs Chromium)
	@$(VENV)/bin/pytest -q -p no:cacheprovider tests/browser/screenshots.py

lock: $(VENV)/bin/uv  ## resolve the pinned, hashed requirements again
	@$(VENV)/bin/uv pip compile -q --python-version 3.11.2 --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate pyproject.toml -o requirements.txt
	@$(VENV)/bin/uv pip compile -q --python-version 3.11.2 --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean:  ## remove the environment and everything made; keeps var/
	@rm -rf $(VENV) static-build
