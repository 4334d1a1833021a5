# SPDX-License-Identifier: BSD-2-Clause
# The front door: each target first installs what it needs, then asks CMake
# (CMakeLists.txt, the one authoritative build). `make help` tells the rest.
PREFIX ?= /usr/local
DESTDIR ?=
DIR ?=
PORT ?=

all:
	@scripts/deps build
	@scripts/build release

serve: all
	@exec build/pondserve $(if $(PORT),-p "$(PORT)") "$(or $(DIR),site)"

# A fifth of the volume that `make check` has.
test:
	@scripts/deps test
	@scripts/build release tests
	@POND_TEST_SCALE=$${POND_TEST_SCALE:-20} scripts/run-tests build

check:
	@scripts/deps check
	@scripts/check

# For long: SECONDS_EACH for each fuzzer and flavour.
fuzz:
	@scripts/deps check
	@scripts/fuzz --seconds $(or $(SECONDS_EACH),60)

# For long: ROUNDS of random traffic on THREADS, with what is resident.
soak:
	@scripts/deps test
	@scripts/build release soak
	@build/tests/soak $(or $(ROUNDS),200) $(or $(THREADS),8)

bench:
	@scripts/deps bench
	@scripts/build release
	@build/pondbench seed

install: all
	@scripts/install "$(DESTDIR)" "$(PREFIX)"

uninstall: all
	@scripts/uninstall "$(DESTDIR)" "$(PREFIX)"

# What was downloaded (build/peers) stays.
clean:
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 \
	    ! -name peers -exec rm -rf {} +; fi

help:
	@echo 'make                       build/libpond.a .so pondserve pondbench'
	@echo 'make serve DIR=… PORT=…    serve a folder, or else these pages'
	@echo 'make test                  the unit tests'
	@echo 'make check                 everything that can be checked'
	@echo 'make fuzz SECONDS_EACH=…   the fuzzers, for long'
	@echo 'make soak ROUNDS=… THREADS=…   random traffic, for long'
	@echo 'make bench                 the benchmark of the seed'
	@echo 'make install PREFIX=… DESTDIR=…   (and uninstall)'
	@echo 'make clean                 remove what was built'
	@echo
	@echo 'What is missing on a Debian machine is installed by scripts/deps;'
	@echo 'POND_DEPS=no only names it. JOBS=N builds with N processes.'

.PHONY: all serve test check fuzz soak bench install uninstall clean help
.NOTPARALLEL:
