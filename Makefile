PY ?= python3
BIN := .venv/bin
SEEDS ?= 5
TRIALS ?= 1000
ENGINE ?= sqlite

.PHONY: setup demo test coverage lint docs staff-texts hazards verify mutants burden taps performance reliability simulate kill office screenshots chromium emoji poppler lock sbom vulnerabilities clean

setup: .venv/.ok

.venv/.ok: requirements.lock pyproject.toml
	@$(PY) -c 'import sys; sys.exit("Aftercheck needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PY) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup                        # the bot with a page to try it, no Telegram account needed
	$(BIN)/aftercheck demo

test: setup lint verify chromium poppler   # everything CI runs, a test file on each core
	$(BIN)/pytest -n auto --dist loadfile

coverage: setup chromium           # which lines and branches no test runs; takes twice as long
	$(BIN)/pytest --cov --cov-report=term

chromium:                          # the browser that the page's tests drive
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
	  echo "Installing Chromium for the browser tests"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; }

emoji:                             # the font of the coloured signs in the pictures
	@fc-list | grep -qi emoji || { \
	  echo "Installing Noto's emoji"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq fonts-noto-color-emoji >/dev/null; }

poppler:                           # reads PDF files back, in the tests of reports
	@command -v pdftotext >/dev/null || { \
	  echo "Installing Poppler, which reads PDF files"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq poppler-utils >/dev/null; }

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

verify: setup                      # prove the bundled protocol
	$(BIN)/aftercheck protocol verify flows/protocols/exosome.toml

docs: setup                        # the pages and charts made from the protocol
	$(BIN)/aftercheck protocol render --output docs/thresholds.md
	$(BIN)/python -m bench.mutants --write docs/mutants.md
	$(BIN)/python -m bench.taps --write docs/taps.md

staff-texts: setup                 # the messages that staff read, for whoever translates them
	$(BIN)/pybabel -q extract --mapping-file=pyproject.toml --omit-header --add-location=file \
	  --sort-by-file --add-comments=Translators: --output=flows/staff_texts/aftercheck.pot bot flows storage

hazards: setup                     # docs/hazards.md, from the marks in the code and in the tests
	$(BIN)/python -m bench.hazards --write docs/hazards.md

mutants: setup                     # mutation testing of the protocol, into docs/mutants.md
	$(BIN)/python -m bench.mutants --write docs/mutants.md

taps: setup                        # taps of simulated patients, into docs/taps.md
	$(BIN)/python -m bench.taps --write docs/taps.md

burden: setup                      # the simulated clinic, about 8 minutes, into docs/burden.md
	$(BIN)/python -m bench.clinic --courses 5000 --seeds $(SEEDS) --ill 300 --write docs/burden.md

performance: setup                 # every figure beside its peer, into docs/performance.md
	$(BIN)/python -m bench.performance --write docs/performance.md

reliability: setup                 # faults put into the product, into docs/reliability.md
	$(BIN)/python -m bench.reliability --write docs/reliability.md

simulate: setup                    # SEEDS stories of a whole clinic, in which everything goes wrong
	$(BIN)/python -m bench.simulation --seeds $(SEEDS)

kill: setup                        # kill -9 the real process, TRIALS times; ENGINE=postgres: one of four
	$(BIN)/python -m bench.kills --trials $(TRIALS) --engine $(ENGINE)

office: setup                      # exports opened in LibreOffice and compared; installs it, half a minute
	@command -v soffice >/dev/null || { \
	  echo "Installing LibreOffice's spreadsheet"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >/dev/null; }
	$(BIN)/python -m bench.office

screenshots: setup chromium emoji  # the pictures that the pages show
	$(BIN)/python -m bench.screenshots --write docs/screenshots
	$(BIN)/python -m bench.export_pictures --write docs/screenshots

lock:                              # needs uv
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-emit-index-url --no-header -o requirements.lock
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-annotate --no-emit-index-url --no-header \
	  -c requirements.lock -o requirements-run.lock
	echo 'hatchling>=1.27' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-emit-index-url --no-header \
	  -c requirements.lock -o deploy/requirements-build.lock

	printf 'pip-audit>=2.9\ncyclonedx-bom>=7\n' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-emit-index-url --no-header -o deploy/requirements-audit.lock

.audit/.ok: deploy/requirements-audit.lock
	$(PY) -m venv .audit
	.audit/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

sbom: .audit/.ok                   # what the running bot is made of, as CycloneDX, into dist/sbom.json
	@mkdir -p dist
	.audit/bin/cyclonedx-py requirements requirements-run.lock --pyproject pyproject.toml \
	  --output-reproducible --output-format JSON --output-file dist/sbom.json

vulnerabilities: .audit/.ok        # what is known against it; asks pypi.org, and fails where it cannot
	.audit/bin/pip-audit --strict --disable-pip --requirement requirements-run.lock

clean:
	rm -rf .venv .audit .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
