# `make help` says what each does. PYTHON picks the interpreter: make PYTHON=python3.12 setup
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# Tests start Python hundreds of times, which takes longer where it may not keep what it has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo studio test quick lint bench bench-quality faults versions audit ready-model background fields docs pictures release clean

help: ## say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## install labeler and what its tests need into .venv

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "labeler needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3 setup"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing; on Debian and Ubuntu install it with: sudo apt install python3-venv"; exit 1; }
	@echo "Setting up in $(VENV) (a few minutes, once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[parquet,dev]'
	@touch $(STAMP)

demo: setup ## train on the samples, label a digest the model has not seen, and show it
	@$(BIN)/labeler demo "$$(mktemp -d)/demo"
	@echo "To have the command at hand:  . .venv/bin/activate"

studio: setup ## start a Label Studio server for this checkout, on this machine alone
	@$(BIN)/labeler studio start

test: setup ## run all tests
	@$(BIN)/python -m pytest $(TESTARGS)

quick: setup ## run the tests that are not marked slow (a minute and a half): what one runs before each commit
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not slow" $(TESTARGS)

lint: setup ## check format, style and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: setup ## measure speed beside peers in the same run (an hour; needs ../shared); writes tests/bench/RESULTS.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt fasttext || \
	  echo "fastText could not be installed; its row will be missing."
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench

bench-quality: setup ## compare labeler's right labels with its peers' (hours; needs ../shared); writes tests/bench/QUALITY.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]' || \
	  echo "Some peers could not be installed; their rows will be missing."
	@$(BIN)/python -m tests.bench.quality --write

faults: setup ## kill it, double it, starve it and feed it damaged files (an hour); writes tests/bench/FAULTS.md
	@$(BIN)/python -m tests.campaign --minutes 60 --write

versions: setup ## try the oldest and newest versions that pyproject.toml allows, on each Python (a quarter of an hour)
	@$(BIN)/python -m tests.packaging.versions

audit: setup ## check the licences of what labeler needs, and ask PyPI for known weaknesses (needs the network)
	@$(BIN)/python -m tests.packaging.licences
	@$(BIN)/uv tool run pip-audit --strict -r constraints.txt --no-deps --disable-pip

ready-model: setup ## make the model that comes with labeler anew from arXiv papers: make ready-model CORPUS=FILE
	@test -n "$(CORPUS)" || { echo "name the papers: make ready-model CORPUS=papers.parquet"; exit 2; }
	@$(BIN)/python -m models.arxiv "$(CORPUS)" -o models/arxiv/1

background: setup ## learn the background that comes with labeler anew: make background CORPUS=FILE CHINESE=FILE
	@test -n "$(CORPUS)" -a -n "$(CHINESE)" || { echo "name the papers: make background CORPUS=… CHINESE=…"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@$(BIN)/python -m models.background "$(CORPUS)" --chinese "$(CHINESE)" -o labeler/shipped/background.npz

fields: setup ## make the map of fields that comes with labeler anew: make fields CORPUS=FILE
	@test -n "$(CORPUS)" || { echo "name the papers: make fields CORPUS=papers.parquet"; exit 2; }
	@$(BIN)/python -m models.fields "$(CORPUS)" -o labeler/shipped/fields.npz

docs: setup ## make the pages of docs/ in docs/_build/html; a broken link or an undocumented name is a failure
	@$(BIN)/python -m sphinx -q -n -W --keep-going docs docs/_build/html
	@echo "Open docs/_build/html/index.html in a browser."

pictures: setup ## make the pictures of the documentation anew (needs chromium and a Label Studio server)
	@$(BIN)/python docs/pictures.py

release: setup ## check, write the version, build wheel and sdist, commit and tag; sends nothing: make release VERSION=0.2.0
	@test -n "$(VERSION)" || { echo "name the version: make release VERSION=0.2.0"; exit 2; }
	@$(BIN)/python .ci/release.py "$(VERSION)"

clean: ## remove what setup and the tools made
	rm -rf $(VENV) .venv-* build docs/_build docs/reference/commands *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
