# Each target is one line a person types. Nothing here needs more than a Debian or Ubuntu machine.
.PHONY: demo run test soak bench lint format lock
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:

VENV := .venv
PYTHON := $(VENV)/bin/python
PORTAL := $(VENV)/bin/portal
DEMO := $(CURDIR)/instance/demo

demo: $(VENV)/run    ## sample data, served on http://127.0.0.1:8000
	PORTAL_INSTANCE=$(DEMO) $(PORTAL) migrate
	PORTAL_INSTANCE=$(DEMO) $(PORTAL) sample
	PORTAL_INSTANCE=$(DEMO) $(PORTAL) run

run: $(VENV)/run     ## an empty portal (or yours), with a one-time link for the first administrator
	$(PORTAL) migrate
	$(PORTAL) run

test: $(VENV)/dev    ## everything, on SQLite and PostgreSQL
	scripts/bootstrap test
	$(PYTHON) -m pytest -q -n logical --maxprocesses 6 --dist worksteal -m "not soak" $(ARGS)

soak: $(VENV)/dev    ## the long ones
	scripts/bootstrap test
	$(PYTHON) -m pytest -q -m soak $(ARGS)

bench: $(VENV)/dev   ## speed as ratios, measured in one run
	$(PYTHON) -m bench $(ARGS)

lint: $(VENV)/dev    ## style, types, templates
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/djlint --quiet --lint portal/templates

format: $(VENV)/dev  ## put the style right
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

lock: $(VENV)/dev    ## choose newer versions of everything
	$(VENV)/bin/pip-compile -q --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-find-links \
		--output-file requirements.lock pyproject.toml
	$(VENV)/bin/pip-compile -q --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-find-links \
		--extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

$(VENV)/run: requirements.lock pyproject.toml scripts/bootstrap
	scripts/bootstrap run
	[ -x $(PYTHON) ] || python3 -m venv $(VENV)
	$(PYTHON) -m pip install -q --disable-pip-version-check -r requirements.lock
	$(PYTHON) -m pip install -q --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	$(PYTHON) -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	touch $@
