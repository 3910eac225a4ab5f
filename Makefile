# Needs Python 3.11 or later, git and make. Everything else goes into .venv, with uv where it is installed.

VENV := .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.installed-base
TESTED := $(VENV)/.installed-tested
PEERS := $(VENV)/.installed-peers
TEST_EXTRAS := dev,fast,postgres
comma := ,
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
ARGS ?=

# The lock constrains and does not list: each target installs the extras it needs, at the locked versions.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL = $(UV) pip install --quiet --python $(BIN)/python --constraints requirements.lock
else
# A .venv that uv made has no pip of its own.
HAVE_PIP = $(BIN)/python -c 'import pip' 2>/dev/null || $(BIN)/python -m ensurepip >/dev/null
INSTALL = { $(HAVE_PIP); } && $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--constraint requirements.lock
endif

# Public data sets, for the tests and benchmarks that read them; both skip what is not there.
ifndef COPILOT_DATA_DIR
ifneq ($(wildcard ../shared/data),)
export COPILOT_DATA_DIR := $(abspath ../shared/data)
endif
endif

.DEFAULT_GOAL := help
.PHONY: help demo test check bench format lock model

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(BASE) ## set up, make a demo shop, train, and rank strategies for a brief
	@$(BIN)/copilot demo $(ARGS)

# Files go to workers whole, so that what a file sets up is set up once. One thread each: two fits that both
# want every core slow each other down many times over.
test: $(TESTED) ## set up and run every test (ARGS="-k audience" for some)
	@OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

check: $(TESTED) ## lint, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(PEERS) ## run the benchmarks (ARGS="attributes" for one)
	@$(BIN)/python tests/benchmarks/run.py $(ARGS)

model: $(TESTED) ## learn the copy model that comes with the package anew, from public data (COPILOT_DATA_DIR)
	@$(BIN)/python -m predictors.copy_effect.rebuild

format: $(TESTED) ## let the formatter decide taste
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(TESTED) ## renew requirements.lock and that of the benchmarks
	@$(or $(UV),uv) pip compile pyproject.toml --universal --upgrade --strip-extras --no-emit-index-url \
		--no-header --quiet $(foreach extra,$(subst $(comma), ,$(TEST_EXTRAS)),--extra $(extra)) \
		--output-file requirements.lock
	@$(or $(UV),uv) pip compile tests/benchmarks/requirements.in --universal --upgrade --strip-extras \
		--constraints requirements.lock --no-emit-index-url --no-header --quiet \
		--output-file tests/benchmarks/requirements.lock

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later was not found; name it with make PYTHON=..." >&2; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)" >&2
	@$(if $(UV),$(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV),$(PYTHON) -m venv $(VENV))

$(BASE): pyproject.toml requirements.lock | $(BIN)/python
	@echo "installing strategy-copilot" >&2
	@$(INSTALL) --editable .
	@touch $@

$(TESTED): pyproject.toml requirements.lock | $(BIN)/python
	@echo "installing strategy-copilot[$(TEST_EXTRAS)]" >&2
	@$(INSTALL) --editable '.[$(TEST_EXTRAS)]'
	@touch $(BASE) $@

# What the benchmarks compare with has a lock of its own, since nothing else needs it.
PEER_LOCK := $(wildcard tests/benchmarks/requirements.lock)
$(PEERS): $(TESTED) $(PEER_LOCK)
	@$(if $(PEER_LOCK),$(INSTALL) --requirement $(PEER_LOCK))
	@touch $@
