# SPDX-License-Identifier: MIT
#
# tachytools: the tree is the list. Every bin/NAME.c is a tool, and every
# lib/ROOM/*.c goes into the library that they share.
#
## How: `make`, `make V=1`, `make SAN=address,undefined`, `make CC=clang CFLAGS=-O3`
## Where to: `make install PREFIX=/usr/local DESTDIR=`
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/tachytools
CFLAGS ?= -O2 -g
BUILD := build$(if $(SAN),/$(SAN))
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/tachytools

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
FLAGS := -std=c17 -D_GNU_SOURCE -Ilib -I. $(WARN) $(if $(WERROR),-Werror) $(SANITIZE)
COMPILE = $(CC) $(CPPFLAGS) $(CFLAGS) $(FLAGS) -MMD -MP -c
LINK = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)
# Each tool needs those of them that it uses.
LIBS := -Wl,--as-needed -lzstd -lz -lmd -ljansson -lncursesw -ltinfo -lm

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@)

# The lists, all read from the tree.
TOOLS := $(patsubst bin/%.c,%,$(wildcard bin/*.c))
LIB := $(wildcard lib/*/*.c)
PAGES := $(patsubst share/%/page.html,%,$(wildcard share/*/page.html))
MANS := $(wildcard man/*.[157])
DATA := $(wildcard share/schema/* share/jq/* share/examples/*)
UNITS := $(wildcard tests/unit/*.c)
FUZZ := $(shell grep -ls '^LLVMFuzzerTestOneInput' tests/fuzz/*.c)
FUZZ_HELP := $(filter-out $(FUZZ) tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c))
C := $(wildcard bin/*.c lib/*/*.[ch] tests/*.[ch] tests/*/*.[ch])

lib := $(LIB:%.c=$(BUILD)/%.o) $(PAGES:%=$(BUILD)/share/%.o)
tools := $(TOOLS:%=$(BUILD)/%)
units := $(UNITS:%.c=$(BUILD)/%)
replays := $(FUZZ:tests/fuzz/%.c=$(BUILD)/tests/replay/%)
fuzzers := $(FUZZ:tests/fuzz/%.c=$(BUILD)/tests/fuzz/%)
objects := $(patsubst %.c,$(BUILD)/%.o,$(filter %.c,$(C)))
fuzz_help := $(FUZZ_HELP:%.c=$(BUILD)/%.o) $(BUILD)/lib.a

## all: the tools, in build/ (this is what `make` makes)
all: $(BUILD)/lib.a $(tools)
$(tools): $(BUILD)/%: $(BUILD)/bin/%.o $(BUILD)/lib.a
	$(call say,link)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/lib.a: $(lib)
	$(call say,ar)
	$(Q)rm -f $@ && $(AR) crs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(COMPILE) -o $@ $<

## static: build/static/tsample, which needs no library, nor any other file but /proc
static:
	$(Q)$(MAKE) BUILD=build/static LDFLAGS='$(LDFLAGS) -static' build/static/tsample

# Another compiler or other flags make everything anew.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' >$@

# A page: `sh share/page/build NAME` writes the finished shell of share/NAME on its
# standard output. It is embedded between the symbols page_NAME and page_NAME_end.
pages := $(PAGES:%=$(BUILD)/share/%.html)
$(pages): $(BUILD)/share/%.html: $(wildcard share/page/* share/*/*)
	@mkdir -p $(@D)
	$(call say,page)
	$(Q)sh share/page/build $* >$@.part && mv $@.part $@

$(BUILD)/share/%.S: $(BUILD)/share/%.html
	@printf '.section .rodata\n.globl page_$*, page_$*_end\npage_$*:\n.incbin "$<"\n%s\n%s\n' \
		'page_$*_end: .byte 0' '.section .note.GNU-stack,"",%progbits' >$@

$(BUILD)/share/%.o: $(BUILD)/share/%.S
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# Tests in C: a unit test is a main; a fuzz target is one with the driver, or with libFuzzer.
$(units): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/lib.a
$(replays): $(BUILD)/tests/replay/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(fuzz_help)
$(fuzzers): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(fuzz_help)
$(units) $(replays) $(fuzzers):
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(LINK) $(if $(findstring tests/fuzz,$(@D)),-fsanitize=fuzzer) -o $@ $^ $(LIBS)

objects: $(objects)
units: $(units)
replays: $(replays)
fuzzers: $(fuzzers)

## demo: install what is missing, sample a bundled program, draw build/demo.html
demo:
	$(Q)tests/setup demo && $(MAKE) all && sh share/demo.sh

## check: install what is missing, run every test; ends in "N passed, N failed, N skipped"
check:
	$(Q)tests/setup check && $(MAKE) all && tests/check

## lint: both compilers, layers, format, manuals and scripts; a part of check
lint:
	$(Q)tests/setup check && tests/check lint

## check-install: install, uninstall, and nothing may remain; a part of check
check-install: all
	$(Q)tests/check install

## format: let clang-format have its way (never in *.def)
format:
	$(Q)clang-format -i $(C)

## measure: the ten longest functions and files
measure:
	@echo 'longest functions (lines):' && awk -f tests/measure.awk $(filter %.c,$(C)) | sort -rn | head
	@echo 'longest files (lines):' && wc -l $(C) | grep -v total | sort -rn | head

## bench: ratios to the peers, half an hour; tests/bench/run PART runs a part
bench: all
	$(Q)tests/bench/run

## oracle: an hour of real programs: is what is sampled true, is what is compared judged well
oracle:
	$(Q)tests/setup check && $(MAKE) all && tests/oracle/run

## fuzz: libFuzzer on every parser, FUZZ_SECONDS each (60)
FUZZ_SECONDS ?= 60
fuzz:
	$(Q)tests/setup check
	$(Q)$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined fuzzers
	$(Q)for f in $(FUZZ:tests/fuzz/%.c=%); do mkdir -p build/corpus/$$f tests/fuzz/corpus/$$f && \
		build/fuzzer-no-link,address,undefined/tests/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) \
		-artifact_prefix=build/corpus/$$f- build/corpus/$$f tests/fuzz/corpus/$$f || exit 1; done

## dist: the source of HEAD as build/tachytools-VERSION.tar.gz
VERSION = $(shell sed -n 's/.*TACHYTOOLS_VERSION "\(.*\)"/\1/p' lib/base/version.h)
dist:
	@mkdir -p build
	$(Q)git archive --prefix=tachytools-$(VERSION)/ -o build/tachytools-$(VERSION).tar.gz HEAD

# How shells complete command lines: each tool tells it, so there is no file to be had before.
bash := $(PREFIX)/share/bash-completion/completions
zsh := $(PREFIX)/share/zsh/site-functions
fish := $(PREFIX)/share/fish/vendor_completions.d
completions := $(TOOLS:%=$(bash)/%) $(TOOLS:%=$(zsh)/_%) $(TOOLS:%=$(fish)/%.fish)

## install, uninstall: tools, manuals, completions, schemas, filters and examples, under $(DESTDIR)$(PREFIX)
places := $(TOOLS:%=$(BINDIR)/%) $(foreach m,$(MANS),$(MANDIR)/man$(subst .,,$(suffix $m))/$(notdir $m)) \
	$(DATA:share/%=$(DATADIR)/%)
folders := $(sort $(dir $(places) $(completions)))
install: all
	$(Q)install -d $(folders:%=$(DESTDIR)%)
	$(Q)for p in $(places); do case $$p in \
		$(MANDIR)/*) set 644 man/$${p##*/} ;; \
		$(DATADIR)/*.sh) set 755 share/$${p#$(DATADIR)/} ;; \
		$(DATADIR)/*) set 644 share/$${p#$(DATADIR)/} ;; \
		*) set 755 $(BUILD)/$${p##*/} ;; esac; \
		install -m $$1 $$2 $(DESTDIR)$$p || exit 1; done
	$(Q)for t in $(TOOLS); do \
		for c in bash:$(bash)/$$t zsh:$(zsh)/_$$t fish:$(fish)/$$t.fish; do \
			$(BUILD)/$$t --completion $${c%%:*} >$(BUILD)/completion && \
			install -m 644 $(BUILD)/completion $(DESTDIR)$${c#*:} || exit 1; done; done

# Folders that are empty now go too, but never one above DESTDIR or PREFIX, nor /usr/local/bin.
uninstall:
	$(Q)rm -f $(places:%=$(DESTDIR)%) $(completions:%=$(DESTDIR)%)
	$(if $(DESTDIR)$(filter-out /usr /usr/local,$(PREFIX)),$(Q)cd $(or $(DESTDIR),$(PREFIX)) && \
		rmdir -p --ignore-fail-on-non-empty \
		$(patsubst $(if $(DESTDIR),/%,$(PREFIX)/%),%,$(folders:%/=%)), \
		$(Q)rmdir --ignore-fail-on-non-empty $(filter $(DATADIR)/%,$(folders:%/=%)) $(DATADIR))

## clean: remove build/; distclean: also the cache of what the tests fetched
clean:
	$(Q)rm -rf build
distclean: clean
	$(Q)tests/pythons clean
	$(Q)rm -rf --one-file-system '$(CACHE)'

## help: this
help:
	@sed -n 's/^## //p' Makefile

.PHONY: all static demo check lint check-install format measure bench oracle fuzz dist install uninstall \
	clean distclean help objects units replays fuzzers FORCE
.SECONDARY:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
-include $(wildcard $(BUILD)/bin/*.d $(BUILD)/lib/*/*.d $(BUILD)/tests/*/*.d)
