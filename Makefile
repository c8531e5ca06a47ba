# Minqing: each target calls what it needs first. The command line is then .venv/bin/minqing
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: setup run demo test check faults bench lock clean
.DEFAULT_GOAL := test

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment: install python3-venv, then run make again."; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.installed: locks/dev.lock pyproject.toml | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes locks/dev.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json $(VENV)/.installed
	@if command -v npm >/dev/null; then npm ci --loglevel=error --no-fund --no-audit --prefer-offline --fetch-retries=5; \
	else VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r locks/assets.lock && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel=error --no-fund --no-audit --prefer-offline --fetch-retries=5; fi
	@touch $@

# Files of pages: picked, named by their content, compressed. Sentences of pages: compiled.
WEB := src/minqing/doors/web
STATIC := build/static/staticfiles.json
WORDS := $(patsubst %.po,%.mo,$(wildcard $(WEB)/locale/*/LC_MESSAGES/django.po))

$(STATIC): node_modules/.installed $(WEB)/finders.py $(shell find $(WEB)/static)
	@MINQING_GATHER=1 DJANGO_SETTINGS_MODULE=minqing.settings $(BIN)/python -m django collectstatic --no-input --clear --verbosity 0 --ignore ninja
	@touch $@

%.mo: %.po $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale en

setup: $(VENV)/.installed node_modules/.installed $(STATIC) $(WORDS)

PORT ?= 8000

# Ends with Ctrl+C, after RUN_SECONDS where that is set, or when one of the two ends; the other is then stopped too.
run: setup                ## the made-up county (loaded once), served on PORT, its clock and jobs worked, until Ctrl+C
	@$(BIN)/minqing demo
	@echo "接口 http://127.0.0.1:$(PORT)/api/v1/docs ，令牌 $(BIN)/minqing token --help（the API, and a token to ask with）"
	@trap 'kill $$(jobs -p) 2>/dev/null; wait' EXIT; trap 'exit 0' INT TERM; \
	$(BIN)/minqing serve --port $(PORT) & $(BIN)/minqing work & $(if $(RUN_SECONDS),sleep $(RUN_SECONDS) &) wait -n

demo: setup               ## load the made-up county once, show what came of it
	$(BIN)/minqing demo

test: setup               ## everything but the long fault runs
	$(PYTEST) -n 2 --dist loadgroup --no-loadscope-reorder

check: setup              ## style, types, walls, migrations, locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/house

faults: setup             ## kill processes at random points, again and again
	$(PYTEST) -m faults
	$(BIN)/python -m bench fire

bench: setup              ## figures as ratios, into bench/results.json (those of kills come from make faults)
	$(BIN)/python -m bench

lock: $(BIN)/uv           ## renew the locks
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o locks/runtime.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --group dev --python-version 3.11 -c locks/runtime.lock pyproject.toml -o locks/dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --extra assets --python-version 3.11 -c locks/runtime.lock pyproject.toml -o locks/assets.lock
