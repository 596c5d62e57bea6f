# The project's verbs. Each is a short alias: read the recipe, or run its lines
# by hand; nobody needs make. "make" alone prints them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Debian packages that the tests need: the race detector needs a C compiler,
# the stores a PostgreSQL server, of which they start a private one, and the
# pages a browser with letters for every language.
PACKAGES := ca-certificates chromium curl fonts-noto-cjk gcc git libc6-dev postgresql

# Where the tests that need Node have their packages: single sign-on against a
# provider that others wrote, and axe-core, which looks for what keeps people
# from using a page. Without Node those tests are skipped; with CI=true Node is
# installed, and a test that cannot run fails.
NODE_PACKAGES := internal/signin/oidc/oidctest/testdata/provider internal/browsertest/testdata/axe

# Developer tools are pinned in a module of their own, so that what they need
# stays out of what we ship.
TOOL := go tool -modfile=tools/go.mod

# The race detector, in everything but what says nothing of what we wrote and
# took most of the time: SQLite, which is C made into Go, and what reads a
# command line, which stories do hundreds of times. For the same reason a
# program ends at once, not a second later, and is linked without DWARF, which
# no stack trace needs.
UNWATCHED := modernc.org/sqlite/lib modernc.org/libc/... github.com/alecthomas/kong regexp/...
RACE := -race $(foreach package,$(UNWATCHED),-gcflags=$(package)=-race=false) -ldflags=-w
export GORACE := atexit_sleep_ms=0

# The packages that take longest come first, so that none of them is left alone
# at the end. What go vet says, "make lint" says too.
LONGEST := ./cmd/oneseat ./internal/hub/ui ./internal/hub ./internal/hub/api ./internal/agent/ui

# Seconds that "make check" gives to all fuzz targets together, and that
# "make fuzz" and "make soak" give to each.
FUZZ_CHECK := 60
FUZZ_EACH := 30
FUZZ_SOAK := 600

# Random histories per law in "make soak"; go test alone tries 100. And how
# often a hub is killed, per engine; go test alone kills ten.
SOAK_CHECKS := 20000
SOAK_KILLS := 50

# Random histories of an agent and its hub; go test alone plays twenty.
SOAK_SCHEDULES := 200

# The packages with a test source that a pattern fits, as arguments of go test.
packages-with = $$(git grep --untracked -l '$(1)' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's,^,./,')

.PHONY: help
help: ## print these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: build
build: ## build bin/oneseat, one static file
	CGO_ENABLED=0 go build -trimpath -o bin/oneseat ./cmd/oneseat

.PHONY: release
release: ## dist/: programs, packages, what is in them, checksums signed with KEY=FILE
	cd release && go run . -output ../dist $(if $(KEY),-key $(abspath $(KEY)),-unsigned)

.PHONY: test
test: ## everything CI tests; installs the packages that are missing, of Debian and of Node
	scripts/need-packages $(PACKAGES)
	scripts/need-node $(NODE_PACKAGES)
	ONESEAT_REQUIRE_POSTGRES=1 ONESEAT_REQUIRE_CHROMIUM=1 go test $(RACE) -vet=off -timeout 30m $(LONGEST) ./... | scripts/what-failed
	cd release && go test ./...

.PHONY: quick
quick: ## the tests while you work: no race detector, nothing long
	go test -short ./...

.PHONY: soak
soak: ## the long runs, an hour or two: random histories, killed hubs, every fuzz target
	go test -timeout 2h $(call packages-with,pgregory.net/rapid) -rapid.checks $(SOAK_CHECKS)
	ONESEAT_REQUIRE_POSTGRES=1 go test -timeout 2h -run Killed $(call packages-with,flag.Int."kills") -kills $(SOAK_KILLS)
	go test -timeout 2h -run NoSchedule ./internal/connect -schedules $(SOAK_SCHEDULES)
	scripts/fuzz --each $(FUZZ_SOAK)

.PHONY: golden
golden: ## rewrite every golden file; then read the diff
	go test $(call packages-with,flag.Bool."update") -update

.PHONY: fmt
fmt: ## gofumpt and import groups
	$(TOOL) golangci-lint fmt

.PHONY: lint
lint: ## golangci-lint; .golangci.yml has a reason per linter
	$(TOOL) golangci-lint run
	cd release && go tool -modfile=../tools/go.mod golangci-lint run

.PHONY: gen
gen: ## write the code that is made from others: queries of the stores, components of pages
	$(TOOL) sqlc generate -f internal/hub/store/sqlc.yaml
	$(TOOL) sqlc generate -f internal/agent/store/sqlc.yaml
	$(TOOL) sqlc generate -f internal/signin/sqlc.yaml
	scripts/components

.PHONY: bench
bench: ## time and memory of the engine and the usage file, 10 k to 10 M accounts
	go run ./bench/cmd run

.PHONY: bench-peers
bench-peers: ## DuckDB and the plain reference beside ours, on the same files
	command -v npm >/dev/null || scripts/need-packages nodejs npm
	cd bench/peers && npm ci --no-audit --no-fund
	go run ./bench/cmd peers

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZ_EACH seconds
	scripts/fuzz --each $(FUZZ_EACH)

.PHONY: fresh
fresh: ## go.mod, go.sum and generated code say what the sources need, no more
	go mod tidy -diff
	cd release && go mod tidy -diff
	$(TOOL) sqlc diff -f internal/hub/store/sqlc.yaml
	$(TOOL) sqlc diff -f internal/agent/store/sqlc.yaml
	$(TOOL) sqlc diff -f internal/signin/sqlc.yaml
	scripts/components --check

.PHONY: check
check: ## what CI runs: test, lint, fresh and a short fuzz
	$(MAKE) test
	$(MAKE) lint
	$(MAKE) fresh
	scripts/fuzz --total $(FUZZ_CHECK)

.PHONY: hooks
hooks: ## run .githooks/pre-commit before every commit in this clone
	git config core.hooksPath .githooks
