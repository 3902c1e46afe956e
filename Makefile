# The commands of a checkout; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 60
# Its theme tells of another tool at each build.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup serve test crash fuzz audit dist sbom bench bench-docs lint docs docs-serve screenshots clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(VENV)/.runtime ## make .venv with the commands feedback and scrub in it

serve: setup ## start the service on 127.0.0.1:8000 with its data under data/
	@exec $(BIN)/feedback serve $(ARGS)

test: $(VENV)/.test ## lint, then run all tests
	@$(BIN)/python -m tests.browser.install
	@$(BIN)/python -m tests.office
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/crash
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

dist: setup ## build the wheel and the source distribution into dist/
	$(BIN)/python -m hatchling build

bench: ## measure us beside others, print one table, keep it in bench/results (25 minutes; BENCH=quick: 3, not kept)
	@$(MAKE) --no-print-directory VENV=.venv-bench .venv-bench/.bench
	@.venv-bench/bin/python -m bench $(BENCH)

bench-docs: $(VENV)/.test ## draw the charts and tables of the docs from what is kept in bench/results
	@$(BIN)/python -m bench.docs

docs: $(VENV)/.test ## build the docs as a website into site/
	@$(BIN)/python -m docsite
	@$(MKDOCS) build --strict --quiet

docs-serve: $(VENV)/.test ## show the docs on 127.0.0.1:8001, with the widget working where `make serve` runs
	@$(MKDOCS) serve --strict --dev-addr 127.0.0.1:8001

screenshots: $(VENV)/.test ## take the pictures of the README anew
	@$(BIN)/python -m tests.browser.install
	@$(BIN)/python -m tests.browser.screenshots

clean: ## remove the environment and all caches; data/ stays
	rm -rf $(VENV) .venv-bench .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf tests/node/node_modules bench/node/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "Python 3.11 or newer is needed; name it where it has another name: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { \
		echo "Python's own venv is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (about a minute the first time)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements/runtime.txt pyproject.toml
	@$(PIP) install --require-hashes -r requirements/runtime.txt || { \
		echo "The packages could not be fetched; is there a network, or a mirror that pip knows?"; exit 1; }
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

# Beside the tests' real browser and database the peers, in an environment of their own.
$(VENV)/.bench: $(VENV)/.runtime requirements/test.txt requirements/bench.txt requirements/isso.txt bench/node/package-lock.json
	@$(PIP) install --require-hashes -r requirements/test.txt
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@$(PIP) install --require-hashes -r requirements/isso.txt || echo "isso cannot be built here: left out"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix bench/node --ignore-scripts --no-audit --no-fund --loglevel=error \
		|| echo "redact-pii cannot be installed here: left out"
	@touch $@
