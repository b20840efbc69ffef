"""Hash tables: growth, order, deleted entries, who is found."""

from __future__ import annotations

from omvsim.memory import sizes
from omvsim.micropython.maps import Map, name_hash
from tests.micropython._running import printed, run


def grown(count: int) -> list[int]:
    vm = run("").machine
    assert vm is not None
    vm.memory.tape = []
    table = Map(vm.memory)
    for number in range(count):
        table.set(vm, f"name{number}", number)
    return [request.size for request in vm.memory.tape if request.kind == "alloc"]


def test_tables_grow_as_the_device_s() -> None:
    assert grown(30) == [8 * entries for entries in (2, 4, 6, 8, 10, 12, 17, 23, 29, 37)]


def test_sizes_of_tables_are_the_firmware_s() -> None:
    """py/map.c, ``hash_allocation_sizes``; above them half as much again, made odd."""
    wanted = [0, 2, 4, 6, 8, 10, 12, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521, 691, 919, 1223, 1627]
    wanted += [2161, 3229, 4831, 7243, 10861, 16273, 24407, 36607, 54907]
    found = [0]
    while found[-1] < 54907:
        found.append(sizes.hash_size(found[-1] + 1))
    assert found == wanted
    assert [sizes.hash_size(size) for size in wanted] == wanted
    assert sizes.hash_size(54908) == (54908 + 27454) | 1 == 82363
    assert sizes.hash_size(54909) == 82363
    assert sizes.hash_size(54910) == 82365


def test_a_deleted_entry_is_used_again() -> None:
    vm = run("").machine
    assert vm is not None
    table = Map(vm.memory, 4)
    for name in ("a", "b", "c", "d"):
        table.set(vm, name, name)
    vm.memory.tape = []
    for number in range(20):
        assert table.remove(vm, "b" if not number else f"n{number - 1}") is not None
        table.set(vm, f"n{number}", number)
    assert vm.memory.tape == []
    assert len(table) == 4


def test_entries_stand_where_their_hash_puts_them() -> None:
    vm = run("").machine
    assert vm is not None
    table = Map(vm.memory, 10)
    names = ["one", "two", "three", "four"]
    for name in names:
        table.set(vm, name, None)
    places: list[int] = []
    for name in names:
        place = name_hash(name) % 10
        while place in places:
            place = (place + 1) % 10
        places.append(place)
    assert [entry.key for entry in table.entries()] == [name for _, name in sorted(zip(places, names, strict=True))]


def test_keys_of_other_types() -> None:
    assert printed(
        """
        d = {1: "int", "a": "text", (1, "x"): "tuple", None: "none", 2.5: "float"}
        print(d[True], d[1.0], d["".join(["a"])], d[(1, "x")], d[None], d[2.5], 3 in d)
        class K:
            def __init__(self, n): self.n = n
            def __hash__(self): return 1
            def __eq__(self, o): return isinstance(o, K) and self.n == o.n
        e = {K(1): "one", K(2): "two"}
        e[K(1)] = "uno"
        print(len(e), e[K(1)], e[K(2)], K(3) in e)
        for wrong in ([], {}, set()):
            try: e[wrong] = 1
            except TypeError as x: print(x)
        """
    ) == [
        "int int text tuple none float False",
        "2 uno two False",
        "unsupported type for __hash__: 'list'",
        "unsupported type for __hash__: 'dict'",
        "unsupported type for __hash__: 'set'",
    ]


def test_a_removed_entry_keeps_nothing_alive() -> None:
    result = run(
        "import gc\nx = bytearray(5000)\nx = bytearray(5000)\ndel x\ngc.collect()\nprint(gc.mem_alloc() < 9000)\n"
    )
    assert result.lines == ["True"]
