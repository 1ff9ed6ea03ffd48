# Every command a person needs. Each does its own set-up, and says what is missing where it cannot.
#
#   make run             build, make a demo company on the first start, serve portal and gateway
#   make check           the quick checks, cheapest first
#   make test            everything that checks the project
#   make fuzz            damaged input for every decoder: make fuzz ARGS="--count 10000000 --seed 1"
#   make bench-gateway   the gateway against nginx and LiteLLM; see Benchmarks/README.md
#   make bench-portal    the Control Center with 10,000 resources and 1,000,000 ledger entries
#   make screenshots     every page of the portal to build/screenshots/
#   make clean           what was built; data folders stay
#
# ARGS goes to the program: make run ARGS="--portal 0.0.0.0:8080"

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

DATA ?= packhouse-data
# The server looks here by itself, the checks are told.
MODELS := packhouse-data/models
ARGS ?=

.PHONY: help run check test fuzz bench-gateway bench-portal screenshots lint system-runtime system-test python models clean

help:
	@sed -n 's/^#   make/make/p' $(MAKEFILE_LIST)

run: system-runtime models
	swift build -c release --product packhouse
	exec .build/release/packhouse serve --demo --data $(DATA) --models $(MODELS) $(ARGS)

check: lint
	swift test --package-path Core
	scripts/install-system.sh runtime
	swift build --build-tests
	swift test --skip-build

test:
	exec scripts/test.sh

fuzz:
	swift build -c release --product codec-probe
	exec .build/release/codec-probe fuzz $(ARGS)

bench-gateway:
	scripts/install-system.sh bench
	swift build -c release --product packhouse
	swift build -c release --product upstream-simulator
	swift build -c release --product stream-load
	scripts/python-env.sh .venv-litellm Benchmarks/gateway/requirements-litellm.txt
	python3 Benchmarks/gateway/run.py $(ARGS)

bench-portal: system-runtime
	swift build -c release --product packhouse
	swift build -c release --product company-history
	python3 Benchmarks/portal/run.py $(ARGS)

screenshots: system-test python models
	swift build --product packhouse
	swift build --product upstream-simulator
	PACKHOUSE_MODELS="$(CURDIR)/$(MODELS)" .venv/bin/python -m pytest Conformance/browser/test_pages.py $(ARGS)

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests \
	  Core/Package.swift Core/Sources Core/Tests

system-runtime:
	@scripts/install-system.sh runtime

system-test:
	@scripts/install-system.sh test

python: system-test
	@scripts/python-env.sh

models: system-runtime
	@scripts/fetch-models.sh $(MODELS)

clean:
	rm -rf .build Core/.build build .venv .venv-litellm
