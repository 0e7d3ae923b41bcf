# A thin face on CMake. `make demo` and `make check` do everything, on a fresh machine too.
BUILD   ?= build
TYPE    ?= RelWithDebInfo
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc)
CMAKE   := cmake -G Ninja -S . -DCMAKE_INSTALL_PREFIX=$(PREFIX)

.PHONY: all packages programs demo check asan tsan lint format install clean
all: programs

packages:
	@packaging/install-packages

$(BUILD)/programs/build.ninja: | packages
	@$(CMAKE) -B $(BUILD)/programs -DCMAKE_BUILD_TYPE=$(TYPE) -DSOTTO_TESTS=OFF >/dev/null

programs: packages $(BUILD)/programs/build.ninja
	@cmake --build $(BUILD)/programs -j $(JOBS)

demo: programs
	@$(BUILD)/programs/tui/program/sotto --demo

# Everything: unit, integration and end-to-end tests, the house rules, the manual, the style.
check: packages
	@$(CMAKE) -B $(BUILD)/check -DCMAKE_BUILD_TYPE=$(TYPE) -DSOTTO_TESTS=ON >/dev/null
	@cmake --build $(BUILD)/check -j $(JOBS)
	@LINT_TIDY=0 packaging/lint $(BUILD)/check
	@ctest --test-dir $(BUILD)/check --output-on-failure -j $(JOBS)

asan: packages
	@$(CMAKE) -B $(BUILD)/asan -DCMAKE_BUILD_TYPE=Debug -DSOTTO_SANITIZE=address,undefined >/dev/null
	@cmake --build $(BUILD)/asan -j $(JOBS)
	@ctest --test-dir $(BUILD)/asan --output-on-failure

tsan: packages
	@$(CMAKE) -B $(BUILD)/tsan -DCMAKE_BUILD_TYPE=Debug -DSOTTO_SANITIZE=thread >/dev/null
	@cmake --build $(BUILD)/tsan -j $(JOBS)
	@ctest --test-dir $(BUILD)/tsan --output-on-failure

# The style, and clang-tidy besides, which takes several minutes the first time.
lint: packages
	@$(CMAKE) -B $(BUILD)/check -DCMAKE_BUILD_TYPE=$(TYPE) -DSOTTO_TESTS=ON >/dev/null
	@packaging/lint $(BUILD)/check

format: packages
	@git ls-files '*.cpp' '*.h' | xargs clang-format -i


install: programs
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD)/programs

clean:
	@rm -rf $(BUILD)
