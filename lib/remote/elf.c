/* SPDX-License-Identifier: MIT */
#include "remote/elf.h"

#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { MACHINE = EM_AARCH64 };
#else
#error "x86-64 and aarch64 are known"
#endif

static bool
read_at(struct elf *f, uint64_t at, void *to, size_t n)
{
	return at <= UINT64_MAX - n && f->read(f->from, at, to, n);
}

/* Where an address of the object is to be read; false: no segment holds the n bytes. */
static bool
place_of(const struct elf *f, uint64_t address, uint64_t n, uint64_t *at)
{
	for (unsigned i = 0; i < f->n; i++) {
		const Elf64_Phdr *s = &f->segments[i];
		uint64_t size = f->in_memory ? s->p_memsz : s->p_filesz;

		if (s->p_type != PT_LOAD || address < s->p_vaddr || n > size ||
		    address - s->p_vaddr > size - n)
			continue;
		*at = f->in_memory ? f->bias + address : s->p_offset + (address - s->p_vaddr);
		return true;
	}
	return false;
}

static bool
read_address(struct elf *f, uint64_t address, void *to, size_t n)
{
	uint64_t at;

	return place_of(f, address, n, &at) && read_at(f, at, to, n);
}

static bool
is_ours(const Elf64_Ehdr *h)
{
	return memcmp(h->e_ident, ELFMAG, SELFMAG) == 0 && h->e_ident[EI_CLASS] == ELFCLASS64 &&
	       h->e_ident[EI_DATA] == ELFDATA2LSB && h->e_machine == MACHINE &&
	       (h->e_type == ET_EXEC || h->e_type == ET_DYN) &&
	       h->e_phentsize == sizeof(Elf64_Phdr) && h->e_phnum > 0;
}

static bool
open_at(struct elf *f, uint64_t start)
{
	if (!read_at(f, start, &f->head, sizeof f->head) || !is_ours(&f->head))
		return false;
	f->n = f->head.e_phnum < ELF_SEGMENTS_MAX ? f->head.e_phnum : ELF_SEGMENTS_MAX;
	return f->head.e_phoff < UINT64_MAX - start &&
	       read_at(f, start + f->head.e_phoff, f->segments, f->n * sizeof *f->segments);
}

bool
elf_open_file(struct elf *f, elf_read_fn *read, void *from)
{
	*f = (struct elf){ .read = read, .from = from };
	return open_at(f, 0);
}

bool
elf_open_memory(struct elf *f, elf_read_fn *read, void *from, uint64_t start)
{
	struct map first = { .start = start, .end = start + 1 };

	*f = (struct elf){ .read = read, .from = from, .in_memory = true };
	return open_at(f, start) && elf_bias(f, &first, &f->bias);
}

/* Loaders map whole pages, so offsets and addresses are compared by their pages. */
bool
elf_bias(const struct elf *f, const struct map *m, uint64_t *bias)
{
	uint64_t in_page = (uint64_t)sysconf(_SC_PAGESIZE) - 1;

	for (unsigned i = 0; i < f->n; i++) {
		const Elf64_Phdr *s = &f->segments[i];
		uint64_t first = s->p_offset & ~in_page;

		if (s->p_type != PT_LOAD || m->offset < first ||
		    m->offset - first >= s->p_filesz + (s->p_offset & in_page))
			continue;
		*bias = m->start - ((s->p_vaddr & ~in_page) + (m->offset - first));
		return true;
	}
	return false;
}

/* Whether the string at that place is the name, its NUL included. */
static bool
is_name(struct elf *f, uint64_t at, const char *name)
{
	char there[64];
	size_t n = strlen(name) + 1;

	return n <= sizeof there && read_at(f, at, there, n) && memcmp(there, name, n) == 0;
}

static bool
read_section(struct elf *f, unsigned i, Elf64_Shdr *s)
{
	uint64_t at = f->head.e_shoff;

	return i < f->head.e_shnum && f->head.e_shentsize == sizeof *s && at != 0 &&
	       at <= UINT64_MAX - (uint64_t)i * sizeof *s &&
	       read_at(f, at + (uint64_t)i * sizeof *s, s, sizeof *s);
}

static bool
find_section(struct elf *f, const char *name, uint32_t type, Elf64_Shdr *s)
{
	Elf64_Shdr names;

	if (f->in_memory || !read_section(f, f->head.e_shstrndx, &names))
		return false;
	for (unsigned i = 0; i < f->head.e_shnum && i < ELF_SECTIONS_MAX; i++)
		if (read_section(f, i, s) && (type == SHT_NULL || s->sh_type == type) &&
		    s->sh_name < names.sh_size &&
		    is_name(f, names.sh_offset + s->sh_name, name))
			return true;
	return false;
}

bool
elf_section(struct elf *f, const char *name, struct elf_place *place)
{
	Elf64_Shdr s;

	if (!find_section(f, name, SHT_NULL, &s) || s.sh_addr == 0)
		return false;
	*place = (struct elf_place){ s.sh_addr, s.sh_size };
	return true;
}

static bool
is_symbol(const Elf64_Sym *s)
{
	return s->st_shndx != SHN_UNDEF && s->st_value != 0;
}

/* What PT_DYNAMIC says of symbols: addresses of the object. */
struct dynamic {
	uint64_t symbols, strings, gnu_hash, hash;
};

/* The loader may have added the bias already (glibc does, musl does not). */
static uint64_t
unbiased(const struct elf *f, uint64_t address)
{
	return f->in_memory && f->bias && address >= f->bias ? address - f->bias : address;
}

static void
note_entry(const struct elf *f, const Elf64_Dyn *entry, struct dynamic *d)
{
	uint64_t address = unbiased(f, entry->d_un.d_ptr);

	if (entry->d_tag == DT_SYMTAB)
		d->symbols = address;
	else if (entry->d_tag == DT_STRTAB)
		d->strings = address;
	else if (entry->d_tag == DT_GNU_HASH)
		d->gnu_hash = address;
	else if (entry->d_tag == DT_HASH)
		d->hash = address;
}

static bool
read_dynamic(struct elf *f, struct dynamic *d)
{
	Elf64_Dyn entry;

	*d = (struct dynamic){ 0 };
	for (unsigned i = 0; i < f->n; i++) {
		const Elf64_Phdr *s = &f->segments[i];

		if (s->p_type != PT_DYNAMIC)
			continue;
		for (unsigned k = 0; k < 256; k++) {
			if (!read_address(f, s->p_vaddr + k * sizeof entry, &entry,
			                  sizeof entry) ||
			    entry.d_tag == DT_NULL)
				break;
			note_entry(f, &entry, d);
		}
	}
	return d->symbols && d->strings && (d->gnu_hash || d->hash);
}

/* The i-th dynamic symbol, when it is the one of that name. */
static bool
take_symbol(struct elf *f, const struct dynamic *d, uint32_t i, const char *name,
            struct elf_place *place)
{
	Elf64_Sym s;
	uint64_t at;

	if (!read_address(f, d->symbols + (uint64_t)i * sizeof s, &s, sizeof s) ||
	    !is_symbol(&s) || !place_of(f, d->strings + s.st_name, 1, &at) ||
	    !is_name(f, at, name))
		return false;
	*place = (struct elf_place){ s.st_value, s.st_size };
	return true;
}

/* DT_GNU_HASH: four words, a Bloom filter (which we skip), buckets, chains. */
static bool
find_by_gnu_hash(struct elf *f, const struct dynamic *d, const char *name,
                 struct elf_place *place)
{
	struct {
		uint32_t buckets, first, blooms, shift;
	} h;
	uint32_t hash = 5381, i, chain;
	uint64_t buckets;

	for (const char *c = name; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	if (!d->gnu_hash || !read_address(f, d->gnu_hash, &h, sizeof h) || h.buckets == 0)
		return false;
	buckets = d->gnu_hash + sizeof h + (uint64_t)h.blooms * 8;
	if (!read_address(f, buckets + hash % h.buckets * 4, &i, sizeof i) || i < h.first)
		return false;
	for (unsigned k = 0; k < ELF_CHAIN_MAX; k++, i++) {
		uint64_t at = buckets + (uint64_t)h.buckets * 4 + (uint64_t)(i - h.first) * 4;

		if (!read_address(f, at, &chain, sizeof chain))
			return false;
		if ((chain | 1) == (hash | 1) && take_symbol(f, d, i, name, place))
			return true;
		if (chain & 1)
			return false;
	}
	return false;
}

/* DT_HASH, for linkers that write no other. */
static bool
find_by_hash(struct elf *f, const struct dynamic *d, const char *name, struct elf_place *place)
{
	uint32_t h[2], hash = 0, i;

	for (const char *c = name; *c; c++) {
		hash = (hash << 4) + (unsigned char)*c;
		hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
	}
	if (!d->hash || !read_address(f, d->hash, h, sizeof h) || h[0] == 0 ||
	    !read_address(f, d->hash + 8 + hash % h[0] * 4, &i, sizeof i))
		return false;
	for (unsigned k = 0; i != 0 && k < ELF_CHAIN_MAX; k++) {
		if (take_symbol(f, d, i, name, place))
			return true;
		if (!read_address(f, d->hash + 8 + ((uint64_t)h[0] + i) * 4, &i, sizeof i))
			return false;
	}
	return false;
}

static void
note_symbol(struct elf *f, const Elf64_Shdr *strings, const Elf64_Sym *s,
            struct elf_symbol *symbols, unsigned n)
{
	if (!is_symbol(s) || s->st_name >= strings->sh_size)
		return;
	for (unsigned i = 0; i < n; i++)
		if (!symbols[i].found &&
		    is_name(f, strings->sh_offset + s->st_name, symbols[i].name))
			symbols[i] = (struct elf_symbol){ symbols[i].name,
				                          true,
				                          { s->st_value, s->st_size } };
}

static void
find_in_symtab(struct elf *f, struct elf_symbol *symbols, unsigned n)
{
	Elf64_Shdr table, strings;
	Elf64_Sym some[64];
	uint64_t rows;

	if (!find_section(f, ".symtab", SHT_SYMTAB, &table) ||
	    !read_section(f, table.sh_link, &strings))
		return;
	rows = table.sh_size / sizeof *some;
	for (uint64_t i = 0; i < rows && i < ELF_SYMBOLS_MAX; i += 64) {
		uint64_t here = rows - i < 64 ? rows - i : 64;

		if (!read_at(f, table.sh_offset + i * sizeof *some, some, here * sizeof *some))
			return;
		for (uint64_t k = 0; k < here; k++)
			note_symbol(f, &strings, &some[k], symbols, n);
	}
}

void
elf_symbols(struct elf *f, struct elf_symbol *symbols, unsigned n)
{
	struct dynamic d;
	bool exports = false, dynamic = read_dynamic(f, &d);

	for (unsigned i = 0; i < n; i++) {
		struct elf_symbol *s = &symbols[i];

		s->found = dynamic && (find_by_gnu_hash(f, &d, s->name, &s->place) ||
		                       find_by_hash(f, &d, s->name, &s->place));
		exports |= s->found;
	}
	if (!exports && !f->in_memory)
		find_in_symtab(f, symbols, n);
}
