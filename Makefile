# Xiudai 秀带. `make help` says what there is.
.PHONY: all run check test soak bench cluster dist fmt clean help setup setup-test setup-soak

all: setup ## release build → build/xiudai
	@tools/build release
	@tools/ui-build

run: all ## set up, build, load Anhui's data, serve http://127.0.0.1:8080  (STORE=…, LISTEN=…, SAMPLE=1)
	@tools/run

check: setup ## unit tests under sanitizers, corpora, rooms and words; < 2 min
	@tools/build asan
	@tools/test-run --suite check

test: setup-test ## everything a change must pass; < 10 min after set-up
	@tools/build release
	@tools/ui-build
	@tools/build asan
	@tools/test-run --suite test

soak: setup-soak ## everything in full: all combinations, 200 kills, fuzzers, three sanitizers, valgrind, analysers
	@tools/build release
	@tools/ui-build
	@tools/build asan
	@tools/soak

bench: all ## speed and memory beside peers → docs/benchmarks.md  (N=1000000, half an hour on two quiet cores)
	@tools/setup bench
	@tools/bench

cluster: all ## primary, standby, three nodes and nginx on loopback, N=100000 records; Ctrl-C stops it
	@tools/cluster

dist: all ## one archive for machines without network → dist/
	@tools/dist

fmt: ## format C
	@git ls-files '*.c' '*.h' | xargs clang-format -i

clean: ## remove what was built (not var/)
	@rm -rf build dist

setup:
	@tools/setup build
setup-test:
	@tools/setup test
setup-soak:
	@tools/setup soak

help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10
