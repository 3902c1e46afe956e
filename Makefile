# The commands of a checkout; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 60
# Its theme tells of another tool at each build.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup serve test crash fuzz audit sbom bench lint docs docs-serve screenshots clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(VENV)/.runtime ## make .venv with the commands feedback and scrub in it

serve: setup ## start the service on 127.0.0.1:8000 with its data under data/
	@exec $(BIN)/feedback serve $(ARGS)

test: $(VENV)/.test ## lint, then run all tests
	@$(BIN)/python -m tests.browser.install
	@$(BIN)/python -m tests.office
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/crash
	$(BIN)/python -m pytest tests/crash

crash: $(VENV)/.test ## kill, fill, lock and trace the service as often as the targets ask (about half an hour)
	CRASH=full $(BIN)/python -m pytest tests/crash -rA --capture=tee-sys

lint: $(VENV)/.test ## check style, types, layers, the Dockerfile, what docs say of the code, and for known weaknesses
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m docsite --check
	$(BIN)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml feedback scrubbers

fuzz: $(VENV)/.fuzz ## look for bytes that break parsing or scrubbing, FUZZ_SECONDS (60) for each
	@set -e; for target in parsing addresses scrubbing; do \
		$(BIN)/python -m tests.fuzz.guided $$target $(FUZZ_SECONDS); done

audit: $(VENV)/.audit ## ask whether a dependency has a known weakness (needs the network)
	$(BIN)/pip-audit --requirement requirements/runtime.txt --disable-pip --require-hashes --strict

sbom: $(VENV)/.audit ## write what the service is made of to sbom.json (CycloneDX)
	$(BIN)/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml \
		--mc-type application --output-reproducible --output-file sbom.json

bench: $(VENV)/.test ## measure side by side: scrubbing, the store at two sizes on both engines, submissions a second, the widget in a page
	$(BIN)/python -m bench.scrub_speed
	$(BIN)/python -m bench.worst_texts
	$(BIN)/python -m bench.store_queries
	$(BIN)/python -m bench.each_request
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.overload
	@$(BIN)/python -m tests.browser.install
	$(BIN)/python -m bench.widget

docs: $(VENV)/.test ## build the docs as a website into site/
	@$(BIN)/python -m docsite
	@$(MKDOCS) build --strict --quiet

docs-serve: $(VENV)/.test ## show the docs on 127.0.0.1:8001, with the widget working where `make serve` runs
	@$(MKDOCS) serve --strict --dev-addr 127.0.0.1:8001

screenshots: $(VENV)/.test ## take the pictures of the README anew
	@$(BIN)/python -m tests.browser.install
	@$(BIN)/python -m tests.browser.screenshots

clean: ## remove the environment and all caches; data/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf tests/node/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@echo "Setting up $(VENV) (about a minute the first time)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements/runtime.txt pyproject.toml
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements/test.txt tests/node/package-lock.json
	@$(PIP) install --require-hashes -r requirements/test.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/.audit: $(VENV)/.test requirements/audit.txt
	@$(PIP) install --require-hashes -r requirements/audit.txt
	@touch $@

$(VENV)/.fuzz: $(VENV)/.test requirements/fuzz.txt
	@$(PIP) install --require-hashes -r requirements/fuzz.txt
	@touch $@
