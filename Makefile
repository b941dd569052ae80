# Every habit of this house as a verb. Each verb does its own set-up, also in a fresh clone.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_BENCH := $(VENV)/.ready-bench
ARGS ?=

.PHONY: help setup demo test check rest fix bench docs lock prove slow \
        client-python client-typescript operations \
        format-check lint types imports house changelog docs-check

help: ## say what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- set-up ---------------------------------------------------------------------------------

$(READY): requirements/dev.txt pyproject.toml scripts/set-up
	@scripts/set-up $(VENV) requirements/dev.txt
	@touch $@

$(READY_BENCH): requirements/bench.txt $(READY)
	@scripts/set-up $(VENV) requirements/bench.txt
	@touch $@

setup: $(READY) ## make .venv with the locked tools and the package (the other verbs do it themselves)

# --- see it, trust it -----------------------------------------------------------------------

demo: $(READY) ## start everything and walk one journey; ARGS=--once ends after the journey
	@$(BIN)/aboard demo $(ARGS)

test: $(READY) ## run the default tests; ARGS passes on to pytest
	@$(BIN)/pytest -n auto -m "not browser and not load" $(ARGS)

check: test rest ## everything a change must pass: tests, format, lint, types, imports, docs, changelog

rest: format-check lint types imports # the house, docs and changelog tests are part of `test`

slow: $(READY) ## the slow proofs in their short form: a real browser, killed processes, planted faults
	@$(BIN)/pytest -m "browser or load" $(ARGS)

prove: $(READY) ## the slow proofs in full, with their dated results in docs/proofs
	@$(BIN)/python scripts/prove.py $(ARGS)

# --- the parts of check ---------------------------------------------------------------------

format-check: $(READY) ## is everything formatted?
	@echo "== format"; $(BIN)/ruff format --check .

lint: $(READY) ## ruff, all rules
	@echo "== lint"; $(BIN)/ruff check .

types: $(READY) ## mypy, strict, source and tests
	@echo "== types"; $(BIN)/mypy

imports: $(READY) ## the import contracts
	@echo "== imports"; PYTHONPATH=src $(BIN)/lint-imports --no-logo

house: $(READY) ## sizes, names, placement, secrets, dependencies
	@echo "== house"; $(BIN)/pytest -q -m "not load" $(or $(ARGS),tests/house)

docs: $(READY) ## write the generated parts of the documentation, then check all of it
	@$(BIN)/python scripts/write_docs.py
	@$(MAKE) docs-check

operations: $(READY) ## write the gateway's catalogue of operations from the SDK's types and our words
	@$(BIN)/python scripts/write_operations.py

docs-check: $(READY) ## links resolve, examples run, every error, setting and operation is documented
	@echo "== docs"; $(BIN)/pytest -q tests/docs

changelog: $(READY) ## is there an Unreleased section with something in it?
	@echo "== changelog"; $(BIN)/pytest tests/house/test_changelog.py -q

# --- the clients --------------------------------------------------------------------------

CLIENT := clients/typescript
NPM := npm_config_cache=$(CURDIR)/.cache/npm npm

$(CLIENT)/node_modules/.ready: $(CLIENT)/package-lock.json $(CLIENT)/.npmrc
	@command -v npm >/dev/null || { echo "The TypeScript client needs Node 20 or newer, with npm." >&2; exit 1; }
	@cd $(CLIENT) && $(NPM) ci
	@touch $@

client-python: $(READY) ## write the Python client's shapes and methods from the service's description
	@$(BIN)/python scripts/write_client.py

client-typescript: $(READY) $(CLIENT)/node_modules/.ready ## write the TypeScript client's generated code, then check and build it
	@$(BIN)/python scripts/describe.py | (cd $(CLIENT) && $(NPM) run --silent generate)
	@cd $(CLIENT) && $(NPM) run --silent check

# --- change it ------------------------------------------------------------------------------

fix: $(READY) ## format, and let ruff repair what it safely can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(READY_BENCH) ## run the benchmarks; ARGS chooses, for example ARGS=B6
	@$(BIN)/python -m benchmarks $(ARGS)

# Names, versions and hashes only: no address of any index reaches these files.
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options

lock: $(READY) ## lock the dependencies again (ARGS=--upgrade takes newer versions)
	@echo "runtime (1 of 9, up to a minute each)"
	@$(COMPILE) $(ARGS) -o requirements/runtime.txt pyproject.toml
	@echo "dev (2 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/dev.txt --extra dev -c requirements/runtime.txt pyproject.toml
	@echo "bench (3 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/bench.txt --extra dev --extra bench -c requirements/dev.txt pyproject.toml
	@echo "redis (4 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/redis.txt --extra redis -c requirements/runtime.txt pyproject.toml
	@echo "postgres (5 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/postgres.txt --extra postgres -c requirements/runtime.txt pyproject.toml
	@echo "otel (6 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/otel.txt --extra otel -c requirements/runtime.txt pyproject.toml
	@echo "mcp (7 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/mcp.txt --extra mcp -c requirements/runtime.txt pyproject.toml
	@echo "deploy (8 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/deploy.txt --extra postgres --extra redis -c requirements/runtime.txt pyproject.toml
	@echo "build (9 of 9)"
	@$(COMPILE) $(ARGS) -o requirements/build.txt --only-build-deps --build-deps-for wheel -c requirements/dev.txt pyproject.toml
