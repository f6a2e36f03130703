# Borrowgraph's habits. `make help` lists them; CI runs the same words.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix graph/pages
PORT ?= 8000
T ?=
# All tests are shared out, file by file in their order (the long ones come first), among processes with a TimescaleDB each;
# chosen ones run in one.
ALL := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test bench check format schema pages lock migrations wheel stop clean

help: ## List these words
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/ready graph/pages/dist/built ## Set up, start TimescaleDB, migrate, load the demo, serve with GraphiQL (PORT=8000)
	@$(BIN)/borrowgraph migrate
	@$(BIN)/borrowgraph demo --load
	@$(BIN)/borrowgraph access demo --url http://127.0.0.1:$(PORT)
	@$(BIN)/borrowgraph serve --port $(PORT)

test: .venv/ready graph/pages/dist/built chromium ## Set up and run the tests, on a database of their own (T=path or -k …)
	@$(BIN)/python -m pytest $(or $(T),$(ALL))

bench: .venv/ready ## Measure side by side, on a database of its own (T=load; OPTIONS="--rows 20000000 --times 1")
	@$(BIN)/python -m bench.$(or $(T),load) $(OPTIONS)

check: .venv/ready graph/pages/node_modules/ready ## Lint, types, layout, schema drift, frozen migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(NPM) run --silent check
	@$(BIN)/python -m pytest -q tests/test_layout.py tests/test_migrations_frozen.py tests/graph/test_schema.py

format: .venv/ready ## Put the code into its form
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

schema: .venv/ready ## Print the schema into schema.graphql
	@$(BIN)/borrowgraph schema > schema.graphql

pages: .venv/ready graph/pages/node_modules/ready ## Build what a browser gets
	@$(NPM) run --silent build && touch graph/pages/dist/built

lock: .venv/ready ## Pin the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o requirements-dev.lock

migrations: .venv/ready ## Freeze the migrations as they are: their digests into sql/migrations/digests.txt
	@cd sql/migrations && sha256sum *.sql > digests.txt

wheel: .venv/ready graph/pages/dist/built ## Build the wheel, pages included, into dist/
	@$(BIN)/python -m hatchling build -t wheel

stop: ## Stop the embedded TimescaleDB
	@if [ -x $(BIN)/borrowgraph ]; then $(BIN)/borrowgraph database stop; fi

clean: stop ## Stop the embedded TimescaleDB and remove it, its data, the virtual environment and all that was built
	@if [ -L .borrowgraph ]; then rm -rf "$$(readlink -f .borrowgraph)"; fi
	@rm -rf .borrowgraph .venv dist graph/pages/dist graph/pages/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/ready: requirements-dev.lock pyproject.toml setup.sh
	@echo "setting up .venv"
	@./setup.sh $(PYTHON)

graph/pages/node_modules/ready: graph/pages/package-lock.json .venv/ready
	@echo "fetching what the pages are built from"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

graph/pages/dist/built: graph/pages/node_modules/ready $(shell find graph/pages -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f -print)
	@echo "building the pages"
	@$(NPM) run --silent build
	@touch $@

.PHONY: chromium
chromium: # The browser tests need one; Debian's is installed where that is allowed, else they skip and say so.
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		{ echo "installing chromium"; apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; }; } || true
