"""Names in Latin-1 (kind 1), in two-byte (kind 2) and in four-byte texts (kind 4)."""

from park import park


def café():
    return 時間()


def 時間():
    return 𠀀僧a()


def 𠀀僧a():
    return Γειά.κόσμε()


class Γειά:
    @staticmethod
    def κόσμε():
        code = compile("я = lambda: park()\nя()", "/tmp/ü/файл 🐍.py", "exec")
        exec(code, {"park": park})


café()
