# Two commands: `make demo` shows Dunwell at work, `make test` proves it. Both set themselves up.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PORT ?= 8000
UV_VERSION := 0.13.9
export UV_LINK_MODE := copy
# The tests start dozens of processes: each finds its libraries compiled, and compiles nothing of ours again.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
# Only http to this machine itself, and only for the sandbox: the product refuses plain http elsewhere.

.PHONY: setup demo test crash simulate soak mutate lint types contracts check format bench lock clean

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "python3 lacks its venv module. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@test -x $(PYTHON) || python3 -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" || echo "uv is not to be had; going on with pip"
	@if test -x $(VENV)/bin/uv; then \
	    $(VENV)/bin/uv pip install --quiet --python $(PYTHON) --require-hashes -r requirements.txt \
	    && $(VENV)/bin/uv pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation -e .; \
	else \
	    $(PYTHON) -m pip install --quiet --require-hashes -r requirements.txt \
	    && $(PYTHON) -m pip install --quiet --no-deps --no-build-isolation -e .; \
	fi
	@touch $(STAMP)

demo: setup
	@$(VENV)/bin/dunwell demo --port $(PORT) $(if $(ONCE),--once)

test: setup
	@$(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

# The crash harness to its end: two deaths in a row and every wrong answer as well, where `make test` takes two thousand cases.
crash: setup
	@EXHAUSTIVE=1 $(PYTHON) -m pytest -n 2 --dist load -q tests/crash $(ARGS)

# Nightly: make simulate SEEDS=200 FROM=1. One whole life: make simulate SEEDS=2 DAYS=1096 COMPANIES=25, some hours,
# of two towns on two cores.
# A failing seed is printed with the command that plays it again.
SEEDS ?= 10
FROM ?= 1
DAYS ?= 60
COMPANIES ?= 4
JOBS ?= 2
simulate: setup
	@$(PYTHON) -m tests.simulation --seeds $(SEEDS) --from $(FROM) --days $(DAYS) --companies $(COMPANIES) --jobs $(JOBS)

# Two simulated years in one process: memory and open files.
soak: setup
	@$(PYTHON) -m tests.simulation.soak $(ARGS)

# Small faults put into the rules one by one: does a test notice? All of them take hours; SAMPLE=300 takes a random few.
ONLY ?= engine.*
SAMPLE ?= 0
MUTMUT_VERSION := 3.8.1
mutate: setup
	@$(VENV)/bin/uv pip install --quiet --python $(PYTHON) "mutmut==$(MUTMUT_VERSION)"
	@$(PYTHON) -m bench.mutants --only "$(ONLY)" --sample $(SAMPLE)

lint: setup
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

format: setup
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

types: setup
	@$(VENV)/bin/mypy

contracts: setup
	@$(VENV)/bin/lint-imports

check: lint types contracts test

bench: setup
	@$(PYTHON) -m bench.sync && $(PYTHON) -m bench.decide --customers 20000 && $(PYTHON) -m bench.pages

lock: ; @$(VENV)/bin/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-annotate --universal --python-version 3.11 --extra dev --extra distributed pyproject.toml lock-build.in -o requirements.txt

clean:
	rm -rf $(VENV) .dunwell
