# civdef: two commands for a newcomer, `make demo` and `make test`. Both need Python 3.11 or later and make, and make
# their own environment in .venv. Without make: see README.md, section "Install".

VENV    := .venv
# The first of these that runs, is 3.11 or later and can make environments; or name one: make demo PYTHON=/path/to/python
PYTHON  ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
             $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
PY      := $(VENV)/bin/python
PIP     := $(PY) -m pip --disable-pip-version-check install --quiet
LOCKED  := $(PIP) --require-hashes --only-binary :all: -r
WORKERS ?= auto
TESTS   ?= tests

export PYTHONUTF8 := 1

.PHONY: help demo test lint format lock sample schemas real-district bench clean install install-dev

help:
	@echo 'make demo     install into $(VENV), then run the whole job on the sample street'
	@echo 'make test     install the tools too, then every check and every test'
	@echo 'make lint     the checks without the tests;   make format   let ruff rewrite the layout'
	@echo 'make bench    the benchmarks, with the machine stated'
	@echo 'make sample   make the sample workspace anew'
	@echo 'make real-district DATA=…   a real district from the data in that folder (docs/real-district.md)'
	@echo 'make schemas  make docs/schemas anew from the result classes'
	@echo 'make lock     make requirements/*.txt anew from pyproject.toml (UPGRADE=1: newest versions)'
	@echo 'make clean    remove $(VENV), out/ and caches'

demo: install
	@$(VENV)/bin/civdef demo

# The test runner comes last, so that its closing line is the last word.
test: lint
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 --dist loadfile $(TESTS)

lint: install-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet . || { echo 'run: make format'; exit 1; }
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo

format: install-dev
	@$(VENV)/bin/ruff check --fix-only --quiet .
	@$(VENV)/bin/ruff format --quiet .

sample: install
	@$(PY) -m tools.make_sample

bench: install-dev
	@$(PY) -m benchmarks

DISTRICT := out/real-district

real-district: install
	@test -n "$(DATA)" || { echo 'name the folder with the real data: make real-district DATA=…'; exit 2; }
	@rm -rf $(DISTRICT)
	@$(PY) -m tools.real_district $(DATA) $(DISTRICT)
	@$(VENV)/bin/civdef coverage -C $(DISTRICT) --hazard flood || test $$? -eq 1
	@$(VENV)/bin/civdef evacuate -C $(DISTRICT) --plan flood || test $$? -eq 3
	@$(VENV)/bin/civdef map -C $(DISTRICT) --plan flood || test $$? -eq 3

schemas: install
	@$(PY) -m tools.make_schemas

lock:
	@tools/lock.sh

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find civdef tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ------------------------------------------------------------------------------------------------ environment
# Each stamp says that what it depends on is installed; a second run does nothing.

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { \
	  echo 'civdef needs Python 3.11 or later with the venv module, and found none.'; \
	  echo 'Install it (Debian, Ubuntu: apt install python3 python3-venv), or name one: make demo PYTHON=/path/to/python3'; \
	  exit 2; }
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || { \
	  echo '$(PYTHON) is older than 3.11 or lacks the venv module. Debian, Ubuntu: apt install python3-venv'; exit 2; }
	@echo 'Making $(VENV) with $(PYTHON) …'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/pyvenv.cfg requirements/base.txt requirements/build.txt pyproject.toml hatch_build.py
	@echo 'Installing civdef and what it needs (once, one to three minutes) …'
	@$(LOCKED) requirements/build.txt
	@$(LOCKED) requirements/base.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	@echo 'Installing the extras and the tools for tests (once, one to three minutes) …'
	@$(LOCKED) requirements/dev.txt
	@touch $@
