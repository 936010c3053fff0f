/* SPDX-License-Identifier: MIT */
/*
 * replay FILE...: gives each file to a fuzz target, once, as libFuzzer would.
 *
 * What a target finds wrong ends it by a signal, so the file before is to blame.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { LONGEST = 4 << 20 };

static uint8_t data[LONGEST];

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t n;

		if (!f) {
			perror(argv[i]);
			return 1;
		}
		printf("%s\n", argv[i]);
		fflush(stdout);
		n = fread(data, 1, sizeof data, f);
		fclose(f);
		LLVMFuzzerTestOneInput(data, n);
	}
	return 0;
}
