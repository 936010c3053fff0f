"""forge.py TID FD: gives its thread the number of somebody else's, says so, and runs on."""
import ctypes
import os
import sys

state = ctypes.pythonapi.PyThreadState_Get
state.restype = ctypes.c_void_p
for offset in range(0, 400, 8):
    word = ctypes.c_uint64.from_address(state() + offset)
    if word.value == os.getpid():
        word.value = int(sys.argv[1])
        os.write(int(sys.argv[2]), b"ready\n")
while True:
    pass
