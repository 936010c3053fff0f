/* SPDX-License-Identifier: MIT */
#include "capture/privilege.h"

#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CAP_CHECKPOINT_RESTORE
#define CAP_CHECKPOINT_RESTORE 40
#endif

bool
privilege_check(struct err *e)
{
	if (getuid() == geteuid() && getgid() == getegid())
		return true;
	err_set(e,
	        "it runs set-uid or set-gid, which would lend its owner's rights to everybody");
	return err_hint(e, "remove the bit: chmod ug-s on the file of tsample");
}

static uint64_t
bit(unsigned capability)
{
	return (uint64_t)1 << capability;
}

void
privilege_drop(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	uint64_t needed = bit(CAP_SYS_PTRACE) | bit(CAP_DAC_READ_SEARCH) |
	                  bit(CAP_CHECKPOINT_RESTORE) | bit(CAP_KILL);

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_capget, &header, data) != 0 ||
	    !(data[0].effective & bit(CAP_SYS_PTRACE)))
		return;
	for (unsigned c = 0; c < 64; c++)
		if (!(needed & bit(c)) && prctl(PR_CAPBSET_DROP, c, 0, 0, 0) != 0)
			break; /* the kernel knows no more of them, or none may be dropped */
	for (int i = 0; i < 2; i++) {
		uint32_t keep = (uint32_t)(needed >> (32 * i));

		data[i].effective &= keep;
		data[i].permitted &= keep;
		data[i].inheritable = 0;
	}
	syscall(SYS_capset, &header, data);
}
