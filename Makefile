# Each target sets up what it needs; `make demo` and `make test` are all a newcomer has to type.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help install demo test soak check format bench lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 12

# The locks are complete, hence --no-deps; requirements/README.md says why it must be so.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Findings needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	@echo "Installing Findings into $(VENV)/ (about 550 MB, once) ..."
	$(PIP) --no-deps --require-hashes -r requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(PIP) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

install: $(VENV)/.runtime ## what running needs, in .venv/

demo: $(VENV)/.runtime ## the whole job on an invented sample, then the site on http://127.0.0.1:8000/
	@$(BIN)/findings demo

# In the order of their names: sorted by their number, the files with few and long tests would come last, one by one.
# Compiled modules are kept even where PYTHONDONTWRITEBYTECODE is set: the tests start Python some hundred times.
test: $(VENV)/.dev ## every test
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

soak: $(VENV)/.dev ## tests at full size (kills, cuts, damage, frozen harvests and schedulers, guessed passwords, floods): an hour or more
	FINDINGS_TEST_SOAK=1 FINDINGS_TEST_KILLS=20 FINDINGS_TEST_FUZZ=20000 $(BIN)/python -m pytest -n auto --dist loadfile \
		tests/crawler tests/catalog tests/findings/test_kill.py \
		tests/findings/test_scheduling.py tests/index/test_index_fuzz.py tests/subscriptions/test_sending_kills.py \
		tests/web/test_web_guessing.py tests/web/test_subscribe_abuse.py

check: $(VENV)/.dev ## format, lint, types, arrows, and the tests' coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --cov --cov-report=term

format: $(VENV)/.dev ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## the benchmarks, each beside its control
	$(BIN)/python -m benchmarks.harvest
	$(BIN)/python -m benchmarks.digests
	$(BIN)/python -m benchmarks.relevance
	$(BIN)/python -m benchmarks.search --size 2k

# What textstat asks for: only its list of easy words is read, so running needs none of it.
UNUSED := $(foreach name,nltk joblib regex cloudpickle,--no-emit-package $(name))

lock: ## renew the locked dependencies (needs uv)
	uv pip compile pyproject.toml requirements/extra.in --universal --generate-hashes $(UNUSED) \
		--python-version 3.11 --no-header --upgrade -q -o requirements/runtime.txt
	uv pip compile pyproject.toml requirements/extra.in --group dev --universal --generate-hashes \
		--python-version 3.11 --no-header -q -c requirements/runtime.txt -o requirements/dev.txt

clean: ## remove what was built or gathered here
	rm -rf $(VENV) build dist *.egg-info var
