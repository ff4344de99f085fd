# Every command of the project; `make` lists them. Each sets up what it needs (tools/bootstrap), so all
# of them work on a bare Debian 12 with git and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/build/tools/bin:$(PATH)

HOST ?= 127.0.0.1
PORT ?= 3000
SEEDS ?= 10000
FUZZ_SECONDS ?= 60
JOBS ?= $(shell nproc)
export HOST PORT SEEDS FUZZ_SECONDS JOBS

.PHONY: help run build test lint format fuzz sim bench sync-lab tidy plugin clean arm64 deb release setup-run setup-test server client clip

help: ## this list
	@echo 'make run      the party server and its watch page on http://$(HOST):$(PORT)/ (HOST, PORT)'
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup-run:
	@tools/bootstrap run
setup-test:
	@tools/bootstrap test

run: build
	@tools/run

build: server client clip ## release programs, client and clip, into build/release, build/client, build/media
server: setup-run
	@tools/build release
client: setup-run
	@cd client && npm run --silent build
clip: setup-run
	@tools/make-clip

test: setup-test ## everything; the last line counts what passed and failed
	@tools/stages
plugin: server client ## the Jellyfin plugin and its repository manifest, into build/plugin (wants a .NET SDK)
	@tools/bootstrap test
	@tools/make-plugin
lint: setup-test ## formatting, static checks, house rules, generated files
	@tools/stages house tidy codes format client-lint clang-tidy
tidy: setup-run ## the house rules that a program can check
	@node tools/tidy.mjs
format: setup-test ## formats C++ and TypeScript in place
	@git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs clang-format -i
	@cd client && npm run --silent format
fuzz: setup-test ## every fuzz target for FUZZ_SECONDS (60) each
	@tools/build fuzz
	@tools/fuzz
sim: server ## simulated parties from SEEDS (10000) seeds
	@build/release/owp-sim --seeds $(SEEDS)
bench: build ## measures, see bench/README.md
	@bench/run
sync-lab: setup-test build ## real browsers on emulated networks, held against each other (one to two hours)
	@node bench/sync-lab/run.ts

arm64: ## the server for 64-bit ARM, cross-built into build/release-arm64
	@tools/bootstrap arm64
	@tools/build release-arm64 owp-server
deb: server client ## the Debian package of server and watch page, into build/deb
	@deploy/debian/build
release: ## all that is shipped, tested: arm64 under qemu, Debian package, container image (root)
	@tools/bootstrap release
	@tools/stages server-build client-build arm64 deb docker plugin-build plugin-zip

clean: ## removes what was built; installed tools stay
	@find build -mindepth 1 -maxdepth 1 ! -name tools -exec rm -rf {} +
