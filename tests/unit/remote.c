/* SPDX-License-Identifier: MIT */
/* The parsers of the room remote, on good and on hostile bytes; and who lives. */
#include "remote/elf.h"
#include "remote/maps.h"
#include "remote/proc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;

static void
check(bool good, const char *what, size_t row)
{
	if (good)
		return;
	fprintf(stderr, "remote: %s: row %zu\n", what, row);
	failures++;
}

static const struct {
	const char *line;
	size_t n; /* mappings */
	uint64_t start, end, offset, inode;
	bool deleted;
	const char *path;
} lines[] = {
	{ "00400000-0041d000 r--p 00000000 fd:01 123   /usr/bin/python3.11\n", 1, 0x400000,
	  0x41d000, 0, 123, false, "/usr/bin/python3.11" },
	{ "7f00-7fff rw-p 00001000 00:00 0\n", 1, 0x7f00, 0x7fff, 0x1000, 0, false, "" },
	{ "7f00-7fff rw-p 00000000 00:00 0 [heap]", 1, 0x7f00, 0x7fff, 0, 0, false, "[heap]" },
	{ "1000-2000 r-xp 00000000 08:02 9 /a b (deleted)\n", 1, 0x1000, 0x2000, 0, 9, true,
	  "/a b" },
	{ "1000-2000 r-xp 00000000 08:02 9 /a\\012b\n", 1, 0x1000, 0x2000, 0, 9, false,
	  "/a\\012b" },
	{ "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n", 1,
	  0xffffffffff600000, 0xffffffffff601000, 0, 0, false, "[vsyscall]" },
	{ "2000-1000 r-xp 00000000 08:02 9 /backwards\n", 0, 0, 0, 0, 0, false, "" },
	{ "1000-1000 r-xp 00000000 08:02 9 /empty\n", 0, 0, 0, 0, 0, false, "" },
	{ "1000-2000\n", 0, 0, 0, 0, 0, false, "" },
	{ "1000-2000 r-xp", 0, 0, 0, 0, 0, false, "" },
	{ "11111111111111111-2 r-xp 0 0:0 0\n", 0, 0, 0, 0, 0, false, "" },
	{ "\n\n\n", 0, 0, 0, 0, 0, false, "" },
	{ "xyz", 0, 0, 0, 0, 0, false, "" },
};

static void
test_maps(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct arena a = { 0 };
		struct maps maps = { 0 };

		maps_parse(&a, text_of(lines[i].line), &maps);
		check(maps.n == lines[i].n, "number of mappings", i);
		if (maps.n == 1 && lines[i].n == 1) {
			const struct map *m = &maps.at[0];

			check(m->start == lines[i].start && m->end == lines[i].end, "bounds",
			      i);
			check(m->offset == lines[i].offset && m->inode == lines[i].inode,
			      "file", i);
			check(m->deleted == lines[i].deleted, "deleted", i);
			check(text_equal(m->path, text_of(lines[i].path)), "path", i);
			check(maps_find(&maps, m->start) == m, "find the first byte", i);
			check(maps_find(&maps, m->end) == NULL, "find behind the end", i);
		}
		arena_empty(&a);
	}
}

/* An object in memory, for the reader. */
struct bytes {
	unsigned char *at;
	size_t n;
};

static bool
read_bytes(void *from, uint64_t at, void *to, size_t n)
{
	const struct bytes *b = from;

	if (n > b->n || at > b->n - n)
		return false;
	memcpy(to, b->at + at, n);
	return true;
}

/* The smallest object: a head, one segment, and section names that hold one section. */
struct object {
	Elf64_Ehdr head;
	Elf64_Phdr load;
	Elf64_Shdr sections[3];
	char names[32];
};

static struct object
good_object(void)
{
	struct object o = { .names = "\0.PyRuntime\0.shstrtab" };

	memcpy(o.head.e_ident, ELFMAG, SELFMAG);
	o.head.e_ident[EI_CLASS] = ELFCLASS64;
	o.head.e_ident[EI_DATA] = ELFDATA2LSB;
	o.head.e_type = ET_DYN;
#if defined(__aarch64__)
	o.head.e_machine = EM_AARCH64;
#else
	o.head.e_machine = EM_X86_64;
#endif
	o.head.e_phoff = offsetof(struct object, load);
	o.head.e_phentsize = sizeof o.load;
	o.head.e_phnum = 1;
	o.head.e_shoff = offsetof(struct object, sections);
	o.head.e_shentsize = sizeof *o.sections;
	o.head.e_shnum = 3;
	o.head.e_shstrndx = 2;
	o.load = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_vaddr = 0x10000, .p_filesz = sizeof o, .p_memsz = sizeof o
	};
	o.sections[1] = (Elf64_Shdr){
		.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_addr = 0x10040, .sh_size = 8
	};
	o.sections[2] = (Elf64_Shdr){ .sh_name = 12,
		                      .sh_type = SHT_STRTAB,
		                      .sh_offset = offsetof(struct object, names),
		                      .sh_size = sizeof o.names };
	return o;
}

static void
test_section(void)
{
	struct object o = good_object();
	struct bytes b = { (unsigned char *)&o, sizeof o };
	struct map m = { .start = 0x7f0000000000, .end = 0x7f0000001000 };
	struct elf_symbol symbol = { .name = "_PyRuntime" };
	struct elf_place place;
	struct elf f;
	uint64_t bias = 0;

	check(elf_open_file(&f, read_bytes, &b), "open", 0);
	check(elf_bias(&f, &m, &bias) && bias == 0x7f0000000000 - 0x10000, "bias", 0);
	check(elf_section(&f, ".PyRuntime", &place) && place.address == 0x10040, "section", 0);
	check(!elf_section(&f, ".absent", &place), "absent section", 0);
	elf_symbols(&f, &symbol, 1);
	check(!symbol.found, "absent symbol", 0);
}

/* Whatever the bytes say, every question ends, and inside of them (the sanitizers watch). */
static void
ask_all(struct bytes *b)
{
	struct map m = { .start = 0x400000, .end = 0x401000 };
	struct elf_symbol symbol = { .name = "_PyRuntime" };
	struct elf_place place;
	uint64_t bias;
	struct elf f;

	if (elf_open_file(&f, read_bytes, b)) {
		elf_bias(&f, &m, &bias);
		elf_section(&f, ".PyRuntime", &place);
		elf_symbols(&f, &symbol, 1);
	}
	if (elf_open_memory(&f, read_bytes, b, 0))
		elf_symbols(&f, &symbol, 1);
}

static void
test_hostile_object(void)
{
	static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

	for (size_t i = 0; i < sizeof(struct object); i++)
		for (size_t k = 0; k < sizeof values; k++) {
			struct object o = good_object();
			struct bytes b = { (unsigned char *)&o, sizeof o };

			b.at[i] = values[k];
			ask_all(&b);
		}
	for (size_t n = 0; n < sizeof(struct object); n++) {
		struct object o = good_object();

		ask_all(&(struct bytes){ (unsigned char *)&o, n });
	}
}

/* Our own program, with bytes changed by a fixed recurrence. */
static void
test_hostile_program(void)
{
	static unsigned char bytes[1 << 20];
	FILE *self = fopen("/proc/self/exe", "rb");
	size_t n = self ? fread(bytes, 1, sizeof bytes, self) : 0;
	uint32_t chance = 1;

	if (self)
		fclose(self);
	for (unsigned round = 0; round < 200 && n > 4096; round++) {
		struct bytes b = { bytes, n };

		for (unsigned i = 0; i < 4; i++) {
			chance = chance * 1664525 + 1013904223;
			bytes[(chance >> 8) % (i < 2 ? 4096 : n)] ^=
				(unsigned char)(1u << (chance & 7));
		}
		memcpy(bytes, ELFMAG, SELFMAG);
		ask_all(&b);
	}
}

static bool
read_stream(void *from, uint64_t at, void *to, size_t n)
{
	return fseek(from, (long)at, SEEK_SET) == 0 && fread(to, 1, n, from) == n;
}

/* What our own program does not export, but its .symtab tells. */
static void
test_symtab(void)
{
	struct elf_symbol symbols[] = { { .name = "test_symtab" },
		                        { .name = "test_absent" },
		                        { .name = "test_section" } };
	FILE *self = fopen("/proc/self/exe", "rb");
	struct elf f;

	check(self && elf_open_file(&f, read_stream, self), "open the program", 0);
	if (!self)
		return;
	elf_symbols(&f, symbols, 3);
	fclose(self);
	check(symbols[0].found && symbols[2].found && !symbols[1].found, "in one pass", 0);
	check(symbols[0].place.address - symbols[2].place.address ==
	              (uintptr_t)test_symtab - (uintptr_t)test_section,
	      "their places", 0);
}

static void
test_self(void)
{
	struct arena a = { 0 };
	struct remote *r;
	struct proc_stat stat;
	struct err e;
	uint64_t number = 0x123456789abcdef0, copies[3] = { 0 };
	struct remote_piece pieces[] = {
		{ (uintptr_t)&number, &copies[0], 8 },
		{ (uintptr_t)&number, &copies[1], 8 },
		{ 8, &copies[2], 8 },
	};

	check(proc_stat(getpid(), &stat) && stat.state == 'R' && !stat.kernel_thread, "stat",
	      0);
	check(stat.parent == getppid(), "parent", 0);
	check(maps_find(&(struct maps){ 0 }, 1) == NULL, "empty maps", 0);
	r = remote_open(&a, getpid(), &e);
	check(r != NULL, "open oneself", 0);
	if (r) {
		check(remote_alive(r), "alive", 0);
		check(remote_read_pieces(r, pieces, 3) == 16 && copies[1] == number, "pieces",
		      0);
		check(!remote_read(r, 8, &copies[2], 8), "unmapped", 0);
		check(remote_count(r).bytes == 16, "bytes", 0);
		remote_close(r);
	}
	check(!remote_open(&a, 1 << 30, &e) && strstr(e.fact, "no such process"), "no process",
	      0);
	arena_empty(&a);
}

/* A process that executes another program lives on, but is not what was opened. */
static void
test_other_program(void)
{
	int go[2], done[2];
	struct arena a = { 0 };
	struct remote *r;
	struct err e;
	pid_t pid;

	if (pipe(go) != 0 || pipe2(done, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
		check(false, "a child", 0);
		return;
	}
	if (pid == 0) {
		close(go[1]);
		if (dup2(go[0], 0) == 0 && read(0, &(char){ 0 }, 1) == 1)
			execlp("cat", "cat", (char *)NULL);
		_exit(1);
	}
	close(go[0]);
	close(done[1]);
	r = remote_open(&a, pid, &e);
	check(r && remote_alive(r), "before it executes", 0);
	check(write(go[1], "", 1) == 1 && read(done[0], &(char){ 0 }, 1) == 0, "it executes",
	      0);
	check(r && !remote_alive(r) && !remote_ended(r), "it executes another program", 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	check(r && remote_ended(r), "it has ended", 0);
	if (r)
		remote_close(r);
	close(go[1]);
	close(done[0]);
	arena_empty(&a);
}

int
main(void)
{
	test_maps();
	test_section();
	test_hostile_object();
	test_hostile_program();
	test_symtab();
	test_self();
	test_other_program();
	return failures != 0;
}
