# Two commands do all the set-up on a fresh machine with Python and make:  make demo   make test
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
OUT    ?= out
FROM   ?= Kostanay
TO     ?= Ghent

.PHONY: help demo test check docs pictures network settlements basemap bench clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/run  ## set up and answer the main question: how does flaxseed get from Kostanay to Ghent?
	@mkdir -p $(OUT)
	$(BIN)/corridor compare $(FROM) $(TO) --commodity flaxseed --tonnes 3000 --map $(OUT)/kostanay-ghent.html

test: $(VENV)/dev  ## run all tests (those that need a browser skip where there is none)
	$(BIN)/python -m pytest -n 2

check: $(VENV)/dev  ## lint, format and type checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/dev  ## build the documentation site into out/docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs $(OUT)/docs

pictures: $(VENV)/dev  ## take the pictures of the site and the README anew (needs chromium)
	$(BIN)/python docs/pictures.py

network: $(VENV)/dev  ## rebuild geodata/shipped from its sources (about two minutes)
	$(BIN)/python -m geodata.build

settlements: $(VENV)/dev  ## rebuild geodata/shipped/places.parquet from GeoNames
	$(BIN)/python -m geodata.build_settlements

basemap: $(VENV)/dev  ## rebuild maps/shipped from Natural Earth
	$(BIN)/python -m maps.build_basemap

bench: $(VENV)/dev  ## measure speed and memory beside searoute, scgraph and scipy; prints ratios
	$(BIN)/python tests/bench/bench.py

clean:  ## remove the virtual environment and everything built
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/run
