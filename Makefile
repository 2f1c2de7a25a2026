# Two commands do everything on a machine with Python (3.11 or newer) and make:
#   make demo   runs the bundled simulated cohort and says where the report is
#   make test   passes the tests
# Both build the virtual environment in .venv first, if it is not there.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
OUT ?= demo-results

.PHONY: demo test slow lint format lowest bench clean

demo: $(READY)
	@$(BIN)/remission demo ankl --out $(OUT)

test: $(READY)
	@$(BIN)/python -m pytest -q -n auto -m "not slow"

slow: $(READY)
	@$(BIN)/python -m pytest -q -n auto -m slow

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(READY)
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

# The tests with the oldest versions of what pyproject.toml asks for; these warn of their own age.
lowest: $(READY)
	@rm -rf .venv-lowest && $(PYTHON) -m venv .venv-lowest
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct \
		--only-binary :all: --no-binary remission --editable . --group dev
	@.venv-lowest/bin/python -m pytest -q -n auto -m "not slow" -o filterwarnings=default

bench: $(READY)
	@$(BIN)/python benchmarks/run.py

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "remission needs Python 3.11 or newer; none was found. Install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv with $(PYTHON) (once; a minute or two)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) .venv-lowest $(OUT) .mypy_cache .pytest_cache .ruff_cache .hypothesis
