PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find patterns presets -type f -not -path '*/__pycache__/*' 2>/dev/null)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test clean

demo: $(VENV)/.installed
	$(BIN)/patterns make "indigo block-print peonies on cream" --for fabric-digital --repeat half-drop --seed 6 --out out/demo

# The whole gate, quickest to fail first: the same commands for a person, a hook and CI.
test: $(VENV)/.installed-test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 -q

clean:
	rm -rf $(VENV) out build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Where the test environment is already installed, the package there is this folder itself: nothing to install again.
$(VENV)/.installed: pyproject.toml constraints.txt $(SOURCES) | $(BIN)/python
	@test -e $(VENV)/.installed-test || { echo "installing patterns into $(VENV) (some minutes the first time)"; $(PIP_INSTALL) .; }
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing patterns with its test tools into $(VENV) (some minutes the first time)"
	@$(PIP_INSTALL) -e '.[test]'
	@touch $@
