# Two commands: `make run` and `make test`. The rest is for those who change the product.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 1
TESTERS ?= 3

.DEFAULT_GOAL := help
.PHONY: run test tested check style quick system lock vendor screenshots bench settings clean help

help:            ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/  —/'

run: $(READY)    ## the product on demo data: `make run PORT=8080`
	@$(BIN)/doorstep serve --demo --port $(PORT) --workers $(WORKERS)

test: $(READY) system ## everything: style, rules, both databases, HTTP, a real browser
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=line style tested

tested: $(READY) # one worker more than cores: many tests wait for a browser or a process
	$(BIN)/python -c 'from dispatch.planning.optimiser.searching import warm_up; warm_up()' # once, not by each process
	$(BIN)/pytest -n $(TESTERS) tests/browser  # by itself: the browser's driver keeps an event loop running
	$(BIN)/pytest -n $(TESTERS) --dist loadgroup --ignore=tests/browser

check: $(READY) style ## what is fast: style, types, who imports whom, the rules
	$(BIN)/pytest -n $(TESTERS) tests/rules tests/test_architecture.py

style: $(READY)  ## style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

quick: $(READY)  ## the rules only, no database
	$(BIN)/pytest tests/rules

system:          ## the Debian packages that the tests need (PostgreSQL, Chromium, PDF tools, a Chinese font)
	@tools/install_system_packages

settings: $(READY) ## write docs/settings.md anew
	$(BIN)/python tools/write_settings_table.py

screenshots: $(READY) ## pictures of the main pages, of the demo city, into docs/pictures
	$(BIN)/python tools/take_screenshots.py

bench: $(READY)  ## every benchmark, one after the other
	@for one in $$(grep -l __main__ benchmarks/*.py); do echo "== $$one"; $(BIN)/python -m benchmarks.$$(basename $$one .py) || exit 1; done

lock: $(READY)   ## settle the versions anew (hashes, no addresses)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group pyproject.toml:dev pyproject.toml -o requirements/dev.txt

vendor: $(READY) ## fetch the browser libraries anew, by their lock file
	$(BIN)/python tools/vendor_browser_libraries.py

clean:           ## remove what can be made again (never the data in var/)
	rm -rf .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %s. Try PYTHON=python3.11" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
