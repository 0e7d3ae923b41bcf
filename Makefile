# A thin front end for CMake. `make demo` and `make check` do everything, even on a fresh machine.
BUILD        ?= build
TYPE         ?= RelWithDebInfo
PREFIX       ?= /usr/local
DESTDIR      ?=
JOBS         ?= $(shell nproc)
FUZZ_SECONDS ?= 60
SEEDS        ?= 100000
FIRST        ?= 1

# One compiler cache for all build folders: demo reuses what check has compiled.
export CCACHE_NOHASHDIR = 1

# configure FOLDER,OPTIONS and build FOLDER,OPTIONS, in a folder of $(BUILD)
configure = cmake -G Ninja -S . -B $(BUILD)/$(1) -DCMAKE_INSTALL_PREFIX=$(PREFIX) $(2) >/dev/null
build     = cmake --build $(BUILD)/$(1) -j $(JOBS) $(2)
test      = ctest --test-dir $(BUILD)/$(1) --output-on-failure

.PHONY: all packages programs demo check check-debian13 asan tsan fuzz mutants bench bench-relay \
        bench-relay-quick simulate abuse lint format install deb clean help
all: programs ## both programs

packages:
	@packaging/install-packages

programs: packages
	@$(call configure,programs,-DCMAKE_BUILD_TYPE=$(TYPE) -DSOTTO_TESTS=OFF)
	@$(call build,programs)

demo: programs ## a relay and a peer to talk to, on this machine
	@$(BUILD)/programs/tui/program/sotto --demo

check: packages ## all tests, the house rules, the manual, the style
	@$(call configure,check,-DCMAKE_BUILD_TYPE=$(TYPE))
	@$(call build,check)
	@packaging/lint $(BUILD)/check crypto net relay tui
	@$(call test,check) -j $(JOBS)

check-debian13: ## the tests in a Debian 13 of their own (as root)
	@packaging/install-packages debian13
	@packaging/check-debian13 $(BUILD)/debian13

asan: packages ## the tests with sanitizers for memory errors and undefined behaviour
	@$(call configure,asan,-DCMAKE_BUILD_TYPE=Debug -DSOTTO_SANITIZE=address,undefined)
	@$(call build,asan)
	@$(call test,asan)

tsan: packages ## the tests with a sanitizer for data races
	@$(call configure,tsan,-DCMAKE_BUILD_TYPE=Debug -DSOTTO_SANITIZE=thread)
	@$(call build,tsan)
	@TSAN_OPTIONS=halt_on_error=1 $(call test,tsan)

fuzz: ## libFuzzer on every parser, FUZZ_SECONDS=60 each
	@packaging/install-packages fuzz
	@$(call configure,fuzz,-DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSOTTO_FUZZ=ON)
	@$(call build,fuzz,--target fuzzers)
	@test/fuzz/run $(BUILD)/fuzz $(FUZZ_SECONDS)

mutants: packages ## break each security check once; the tests must notice every time
	@JOBS=$(JOBS) test/mutants/run $(BUILD)/mutants

bench: packages ## the cost of a message: seal, open, scan, forward
	@$(call configure,bench,-DCMAKE_BUILD_TYPE=Release -DSOTTO_BENCH=ON)
	@$(call build,bench,--target bench)

bench-relay bench-relay-quick: packages
	@packaging/install-peers $(BUILD)/bench/peers
	@$(call configure,bench,-DCMAKE_BUILD_TYPE=Release -DSOTTO_BENCH=ON)
	@$(call build,bench,--target $@)
bench-relay: ## the relay compared with others; writes the figures into the README
bench-relay-quick: ## a short form of it, in a minute; writes nothing

simulate: packages ## simulated worlds: SEEDS=1000000 of them, FIRST=1 the first, on all cores
	@$(call configure,check,-DCMAKE_BUILD_TYPE=$(TYPE))
	@$(call build,check,--target simulate)
	@$(BUILD)/check/test/sim/simulate --first $(FIRST) --seeds $(SEEDS)

abuse: packages ## a relay under hostile load, while honest users talk
	@$(call configure,check,-DCMAKE_BUILD_TYPE=$(TYPE))
	@$(call build,check,--target abuse)

lint: packages ## clang-format and clang-tidy, for the tests' sources too
	@$(call configure,check,-DCMAKE_BUILD_TYPE=$(TYPE))
	@packaging/lint $(BUILD)/check

format: packages ## apply clang-format to every file
	@git ls-files '*.cpp' '*.h' | xargs clang-format -i

install: programs ## install into PREFIX=/usr/local, below DESTDIR=
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD)/programs

deb: ## Debian packages, in build/deb
	@packaging/install-packages deb
	@packaging/make-deb $(BUILD)/deb

clean: ## remove what was built
	@rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 26
