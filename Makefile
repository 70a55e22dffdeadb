# The command surface of the sandbox; every command is a verb of sandbox/main.ts, described in docs/sandbox.md.
STACK ?=
CONTEXT ?=
SANDBOX_DIR ?=
SANDBOX_PORT ?=
SANDBOX_SOURCES ?=
export STACK CONTEXT SANDBOX_DIR SANDBOX_PORT SANDBOX_SOURCES

sandbox = node --import tsx sandbox/main.ts

.PHONY: help up down status kubeconfig tools test check
.DEFAULT_GOAL := help

help: ## show the commands and variables
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20
	@echo "Variables: STACK=dev|staging|production CONTEXT=<your kubeconfig context>"
	@echo "           SANDBOX_DIR=<folder, .sandbox> SANDBOX_PORT=<first of 24 ports and 8 for each spoke, 16440> SANDBOX_SOURCES=auto|stand-in"

up: node_modules/.package-lock.json ## bring the platform up; again: changes nothing
	@$(sandbox) up

down: node_modules/.package-lock.json ## remove everything again
	@$(sandbox) down

status: node_modules/.package-lock.json ## show what runs and what Argo CD has delivered
	@$(sandbox) status

kubeconfig: node_modules/.package-lock.json ## print the path of the kubeconfig
	@$(sandbox) kubeconfig

tools: node_modules/.package-lock.json ## build the pinned tools into the cache
	@$(sandbox) tools

test: node_modules/.package-lock.json ## everything: format, lint, types, unit tests, the sandbox end to end
	@node --import tsx tests/run.ts

check: node_modules/.package-lock.json ## the same without the sandbox, under two minutes
	@npm run check

node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "error: npm is not installed" >&2; echo "fix: install Node.js 20.19 or newer (https://nodejs.org), then run the command again." >&2; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@
