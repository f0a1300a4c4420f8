# Targets for people and CI. The logic lives in the program and in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run build backend-test backend-test-pg backend-test-pooler backend-test-race backend-migrate backend-drift \
	openapi-snapshot migration migration-lint lint secrets vuln chaos load fmt bench

GO ?= go
# How backend-drift and migration-lint show what they find; format=github annotates a pull request.
format ?= text
# The last migration that deployed databases have: migration-lint checks those after it.
released ?= 0003
# One static binary, on every machine, without a C compiler.
export CGO_ENABLED ?= 0
# What a package's tests may take before Go ends them: they wait for facts, and a busy machine may need long.
TEST = $(GO) test -timeout 40m

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-20s %s\n", $$1, $$2}'

build: ## build ./resume-matcher
	$(GO) build -ldflags '-s -w' -o resume-matcher .

run: build ## build and serve on http://127.0.0.1:8000 (PORT=… for another port)
	./resume-matcher serve

backend-test: ## run all tests on SQLite
	FORCE_SQLITE_FOR_TESTS=$${FORCE_SQLITE_FOR_TESTS:-true} $(TEST) ./...

backend-test-pg: ## run all tests but the snapshot's on Postgres: DATABASE_URL's, or a throwaway one
	FORCE_SQLITE_FOR_TESTS=false scripts/with_postgres $(TEST) -p 1 -skip Snapshot ./...

backend-test-pooler: ## run the tests of the store and the API through PgBouncer in transaction mode, if it is installed
	scripts/with_postgres scripts/with_pgbouncer $(TEST) -p 1 -skip Snapshot ./models ./services ./services/cache ./services/smoke ./handlers ./tests

backend-test-race: ## run the tests of everything concurrent under the race detector (needs a C compiler)
	CGO_ENABLED=1 FORCE_SQLITE_FOR_TESTS=true $(TEST) -race ./handlers/... ./services ./services/documents/... ./services/schema/... ./services/redact/... ./services/matching/... ./services/tasks/... ./services/cache/... ./services/llm/... ./services/access/... ./models/... ./tests/...

backend-migrate: ## apply pending migrations to the configured database
	$(GO) run . migrate up

backend-drift: ## exit 1 if models and migrations have drifted apart, on either database
	scripts/with_postgres scripts/detect_schema_drift --dialect all --only models_vs_migrations,failed --format $(format)

openapi-snapshot: ## write tests/openapi.snapshot.json
	scripts/update_openapi_snapshot

migration: ## write the next migration of both dialects: make migration name=add_x
	@test -n "$(name)" || { echo 'usage: make migration name=add_x' >&2; exit 2; }
	scripts/with_postgres $(GO) run . migrate diff $(name)

migration-lint: ## exit 1 if a new migration loses data or locks a large table
	scripts/with_postgres $(GO) run . migrate lint --from $(released) --format $(format)

lint: ## run the linters pinned in tools/go.mod
	$(GO) tool -modfile=tools/go.mod golangci-lint run

secrets: ## exit 1 if the history or a file holds what looks like a secret
	scripts/check_secrets

vuln: ## exit 1 if code with a known vulnerability is called, 2 if the vulnerability database is not reached
	scripts/check_vulnerabilities

chaos: ## kill the server 200 times, take its database away, freeze a replica and fill the disk: nothing may get lost
	scripts/chaos

load: ## hold 1,000 connections for a minute: nothing but success, 429 or 503 may be answered
	scripts/load

fmt: ## format all Go files
	$(GO) fmt ./...

bench: ## run all benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...
