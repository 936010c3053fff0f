/* SPDX-License-Identifier: MIT */
/*
 * cpython/code.h: code objects, their lines and instructions.
 *
 * All of it lies in codes.arena, until python_forget() gives it back at once.
 */
#ifndef CPYTHON_CODE_H
#define CPYTHON_CODE_H

#include "base/index.h"
#include "base/vec.h"
#include "cpython/calls.h"
#include "cpython/cpython.h"
#include "cpython/lines.h"

struct watch;

enum {
	IDENTITY_BYTES = 96,    /* at most, of a code object's fields that never change */
	LEFT = 64,              /* a power of two */
	KEPT_MAX = 8,           /* locals of a function that are looked at */
	CODES_BYTES = 64 << 20, /* of all code objects, until they are forgotten */
};

/* An instruction by its byte, and the byte of what it is a form of; in place of a code unit. */
struct instruction {
	uint8_t opcode, base;
};

/* A copy of a function's code, which the target changes. */
struct bytecode {
	uint64_t at;      /* in the target */
	uint64_t read_ns; /* 0: never */
	size_t n;
	struct instruction *units;
};

/* A function whose frame was next to another's in a chunk. */
struct neighbour {
	const struct code *code;
	bool called; /* by the other one, always; else frames outside lay between */
	bool entry;  /* by way of C, the last time */
};

/* How an instruction calls functions of Python: by handing them over (handed.c), or otherwise. */
enum calling {
	CALLS_NEVER,
	CALLS_SOMEHOW,
	CALLS_HANDING, /* the function, the object that it is a method of, and arguments */
};

/* A place from which a function calls others. */
struct callsite {
	unsigned char calling;   /* an enum calling */
	bool variable;           /* one holds what it calls */
	bool global;             /* what it calls is a global */
	bool iterates;           /* over a generator, perhaps, or delegates to one */
	bool always;             /* the function always comes there, but by exception */
	unsigned char arguments; /* that it hands over by their place; 0: none, or unknown */
	unsigned char
		constants; /* of the first of these those that each call from there has, a bit each */
};

/* What an instruction does to the stack of values, as far as it matters to the next call. */
enum effect {
	MOVES, /* somehow */
	PUSHES_NONE,
	PUSHES_VARIABLE,
	PUSHES_VARIABLES, /* two */
	PUSHES_OTHER,
	PUSHES_GLOBAL, /* and what stands for no object, if its argument is odd */
};

/* What callsites.c has to know of an instruction; all 0: it is none that can be told. */
struct kind {
	unsigned char units, writes; /* it takes with its caches; locals that it writes */
	unsigned char calling;       /* an enum calling */
	unsigned char effect;        /* an enum effect */
	bool counts;                 /* its argument is the number of those it hands over */
	bool names;                  /* the keywords of the next call */
	bool parts;                  /* it may go on elsewhere than behind it */
	bool iterates;               /* it resumes a generator */
};

/* Addresses of objects. */
typedef VEC(uint64_t) addresses;

/* The function that the frames of a generator's tell as their caller. */
struct caller {
	const struct code *code; /* NULL: none did yet */
	uint64_t stack;          /* the last one in which they told one */
	unsigned times;          /* stacks since another one was told */
	bool several, entry;     /* another one was, once; C lies between the two */
	bool doubted;            /* one read showed another one, which may be an accident */
};

/* Whether frames of a generator's lie where others of it did before. */
struct stay {
	uint64_t stack; /* the last one in which one did */
	unsigned times; /* stacks in which one did, in a row */
	bool several;   /* another function's lay where one had, or the reverse, once */
};

/* A code object at an address, for as long as it is seen to be the same. */
struct code {
	struct python_code shown; /* first: a place's code is one of these */
	uint64_t address;
	uint64_t checked;     /* the epoch at which it was last seen to be itself */
	uint32_t units;       /* of 2 bytes */
	uint32_t frame_bytes; /* of a frame of it; before 3.11 at least, without its cells */
	uint32_t stack_at;    /* where its stack of values begins in that; or its cells */
	int32_t begun;        /* units before it are before the function begins */
	VEC(struct neighbour) neighbours;
	uint16_t ways;                /* different ones to it that were proved */
	uint16_t proved, proved_anew; /* lately: all, and those that were new */
	bool proved_long;             /* there were many before these */
	struct caller caller;
	struct stay stay;
	uint64_t name;      /* the address of co_name */
	uint64_t names;     /* that of co_names until it is read; then 0 */
	uint64_t variables; /* the same of co_localsplusnames */
	uint64_t constants; /* and of co_consts, before 3.11 */
	uint64_t function;  /* the address of one that C called lately; 0: none */
	addresses mentions; /* the names in the first two */
	size_t named;       /* how many of these are no variables */
	addresses made;     /* the constants, among them the codes of functions that it makes */
	struct callsite *sites; /* of each unit; NULL: unknown */
	uint8_t kept; /* of its first locals those that are arguments, which no instruction writes, a bit each */
	bool looked_at;       /* callsites.c: both are known as far as they can be */
	bool dynamic;         /* it comes from no file, so it may go at any time */
	struct text table;    /* its line table, as CPython has it */
	struct lines *lines;  /* decoded when first asked for */
	VEC(uint64_t) copies; /* free-threaded: where the threads' copies of its code begin */
	VEC(struct bytecode) bytecodes; /* by the number of the copy; 0 is its own */
	unsigned char identity[IDENTITY_BYTES];
};

/* All that are known, and what this version's are made of. */
struct codes {
	struct arena arena;
	struct index by_address;
	VEC(struct code *) rows; /* of by_address: the code that is there now */
	uint32_t ids;            /* given so far */
	uint64_t type;           /* PyCode_Type, once it is known */
	enum lines_kind lines;
	unsigned unit_bytes;  /* of what an instruction is counted in */
	uint32_t head_bytes;  /* of a code object, without its code */
	uint32_t identity_at; /* the fields that never change: from there on */
	uint32_t identity_bytes;
	uint32_t
		epoch_field; /* in an interpreter; NONE: nothing tells that code objects went */
	unsigned epoch_bytes;
	uint64_t epoch;  /* read with the last stack; without that field, its number */
	bool suspicious; /* one from a file went as well, so each is looked at each time */
	uint64_t
		trampoline; /* that of the frame between a class and its __init__, once it is known */
	struct kind kinds[256]; /* of the version's instructions, by their bytes */
	bool told_kinds;
	bool compiled;                /* some to machine code */
	size_t compiled_row;          /* of rows, that is looked at next for that */
	uint64_t compiled_asked;      /* the window after which that was asked last */
	struct code *left[LEFT];      /* by an instruction in each, that was asked for */
	uint64_t missed;              /* the last one that none had, */
	size_t missed_rows;           /* when there were so many */
	uint64_t refused, refused_at; /* one, and an instruction in it, not understood, */
	struct sighting refusal;      /* in these windows */
};

/* What instructions are told, and how. */
struct instructions {
	unsigned wants;               /* enum python_want */
	const struct opcode *opcodes; /* of the version; NULL: unknown, or not wanted */
	uint8_t extended, line_watch, instruction_watch; /* bytes of these instructions */
	uint64_t now_ns;                                 /* while a stack is told */
};

/* The code that shows itself so: that part comes first. NULL: of NULL. */
static inline struct code *
code_behind(const struct python_code *shown)
{
	return (struct code *)(uintptr_t)shown;
}

/* What stands for it, of NULL as well. */
static inline uint64_t
code_id(const struct python_code *shown)
{
	return shown ? shown->id : UINT32_MAX;
}

/* The code last seen at that address, or NULL. */
struct code *code_known(struct python *p, uint64_t address);

/*
 * The code that the instruction of a frame is in, which has ended: from 3.14 on it refers
 * to no code any more. NULL: it is none that is known.
 */
struct code *code_left(struct python *p, uint64_t instruction);

/* Where the copy of its code of that number begins, as far as is known; 0: unknown. */
uint64_t code_start(const struct python *p, const struct code *c, uint32_t copy);

/* callsites.c: looks at the function's instructions, once. */
void callsites_look(struct python *p, struct code *c);

/* How the place's function calls from there. */
struct callsite callsite_at(struct python *p, const struct python_place *from);

/* Its instructions, of 2 bytes each and with their caches; NULL: they cannot be read. */
unsigned char *code_bytes(struct python *p, struct arena *a, const struct code *c);

/*
 * mentions.c: whether c refers to something by the name of the function other, or by that of
 * its class if it is an __init__ or a __new__, as its code or its function object tell; or a
 * call of c makes that function (BY_NAME). BY_VARIABLE: one of its own has that name.
 */
enum mention code_mentions(struct python *p, struct code *c, const struct code *other);

/*
 * neighbours.c: notes whose frames lie next to each other in the chunks, of a proven stack
 * from its place from on.
 */
void neighbours_learn(struct python *p, const struct watch *w, size_t from);

/*
 * How many functions with frames of that size are known to lie next to one of outer: then
 * *one is the last of these. SIZE_MAX: there may be more of them.
 */
size_t neighbours_of_size(struct python *p, const struct code *outer, uint64_t bytes,
                          const struct neighbour **one);

/* Reads the code object there anew. NULL: there is none. */
struct code *code_read(struct python *p, uint64_t address);

/* Whether bytes, read at the address's identity, are still this code's. */
bool code_is_same(const struct python *p, const struct code *c, const unsigned char *bytes);

/* The unit of an instruction in c's code or in its thread's copy; below -1: it is not in it. */
int32_t code_unit(struct python *p, struct code *c, uint64_t instruction, uint32_t copy);

/*
 * check.c: proves that the codes of w's places were themselves when the stack
 * was read; the outermost same places were proved with the stack before. False:
 * one was not; it and all inside of it are cut off, to be read again.
 */
bool codes_check(struct python *p, struct watch *w, size_t same);

/*
 * Reads the codes again of the frames that were walked last, which do not fit together, and of
 * w's places; what has changed is cut off. Else frames that stand still would be denied by what
 * was known of others for ever.
 */
void codes_ask_again(struct python *p, struct watch *w, size_t *same);

/*
 * bytecode.c: the instructions of w's places, except of the outermost same, which
 * have theirs from the stack before and are looked at from time to time; same
 * is lowered to the first that has another now.
 */
void bytecode_tell(struct python *p, struct watch *w, size_t *same);

/* Whether the innermost of w's places, read just now, has called something written in C. */
bool bytecode_is_native(struct python *p, const struct watch *w);

/* tasks.c: code objects are given up, and so are the places of the thread's tasks. */
void tasks_forget_codes(struct watch *w);

#endif
