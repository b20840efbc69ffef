"""Classes: look-up, special methods, properties and descriptors, native bases, requests."""

from __future__ import annotations

from tests.micropython._running import printed, run


def test_requests_of_a_class_and_its_instances() -> None:
    result = run(
        """
        class A:
            x = 1
        a = A()
        a.y = 2
        a.z = 3
        a.u = 4
        class B(A): pass
        f = a.__class__
        """
    )
    assert result.asked(4) == [("alloc", 16)]
    assert result.asked(5) == [("alloc", 16)]
    assert result.asked(6) == []
    assert result.asked(7) == [("alloc", 32), ("free", 0)]
    sizes = [size for kind, size in result.asked() if kind == "alloc" and size >= 60]
    assert sizes == [60, 64]


def test_inheritance_and_super() -> None:
    assert printed(
        """
        class A:
            def name(self): return "A"
            def who(self): return self.name()
        class B(A):
            def name(self): return "B" + super().name()
        class C(A):
            def name(self): return "C" + super().name()
        class D(B, C):
            def name(self): return "D" + super().name()
        print(D().who(), D.__bases__, issubclass(D, A), isinstance(D(), (int, C)))
        """
    ) == ["DBA (<class 'B'>, <class 'C'>) True True"]


def test_operators_fall_back_as_the_firmware_does() -> None:
    assert printed(
        """
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return NotImplemented if o is None else V(self.x + getattr(o, "x", o))
            def __radd__(self, o): return V(o + self.x)
            def __eq__(self, o): return self.x == o.x
            def __lt__(self, o): return self.x < o.x
            def __contains__(self, o): return o == self.x
            def __len__(self): return self.x
            def __getitem__(self, i): return i * self.x
            def __repr__(self): return "V" + str(self.x)
            def __call__(self, *a): return a
            def __iadd__(self, o):
                self.x += o
                return self
            def __hash__(self): return 7
            def __neg__(self): return V(-self.x)
            def __bool__(self): return self.x > 0
        v = V(3)
        print(v + V(4), v + 1, 1 + v, v == V(3), v != V(3), v < V(4), 3 in v, len(v), v[5])
        v += 2
        print(v, v(1, 2), -v, not v, {v: 1}[V(5)], sorted([V(2), V(1)]), sum([V(1), V(2)], V(0)))
        for wrong in (lambda: v + None, lambda: v - 1, lambda: ~v, lambda: v > V(4)):
            try: wrong()
            except TypeError as e: print(e)
        """
    ) == [
        "V7 V4 V4 True False True True 3 15",
        "V5 (1, 2) V-5 False 1 [V1, V2] V3",
        "unsupported types for __add__: 'V', 'NoneType'",
        "unsupported types for __sub__: 'V', 'int'",
        "unsupported type for __invert__: 'V'",
        "unsupported types for __gt__: 'V', 'V'",
    ]


def test_attributes_on_demand() -> None:
    assert printed(
        """
        class A:
            def __getattr__(self, name): return "got " + name
            @property
            def p(self): return self._p
            @p.setter
            def p(self, v): self._p = v * 2
            @staticmethod
            def s(x): return x
            @classmethod
            def c(cls, x): return cls.__name__, x
        a = A()
        a.p = 4
        print(a.p, a.other, a.s(1), A.s(2), a.c(3), A.c(4), hasattr(a, "anything"))
        try: del a.p
        except AttributeError as e: print(e)
        class R:
            p = property(lambda s: 1)
        try: R().p = 2
        except AttributeError as e: print(e)
        class S:
            def __setattr__(self, k, v): object.__setattr__(self, k + "_", v)
        s = S()
        s.x = 1
        print(s.x_, s.__dict__)
        """
    ) == [
        "8 got other 1 2 ('A', 3) ('A', 4) True",
        "'A' object has no attribute 'p'",
        "'R' object has no attribute 'p'",
        "1 {'x_': 1}",
    ]


def test_descriptors() -> None:
    assert printed(
        """
        class D:
            def __set_name__(self, owner, name): print("name", owner.__name__, name)
            def __get__(self, o, t): return "get"
            def __set__(self, o, v): print("set", v)
            def __delete__(self, o): print("delete")
        class A:
            d = D()
        a = A()
        print(a.d)
        a.d = 1
        del a.d
        """
    ) == ["name A d", "get", "set 1", "delete"]


def test_native_bases() -> None:
    assert printed(
        """
        class L(list):
            def __init__(self, *a):
                super().__init__(a)
            def first(self): return self[0]
        l = L(1, 2)
        l.append(3)
        print(l, l.first(), len(l), 2 in l, l + [4], [x for x in l], isinstance(l, list))
        class N(int): pass
        print(N(5) + 1, N(7))
        class T(tuple): pass
        print(T((1, 2)) == (1, 2))
        try:
            class X(int, str): pass
        except TypeError as e: print(e)
        try:
            class Y(type(iter([]))): pass
        except TypeError as e: print(e)
        """
    ) == [
        "[1, 2, 3] 1 3 True [1, 2, 3, 4] [1, 2, 3] True",
        "6 7",
        "True",
        "multiple bases have instance lay-out conflict",
        "type 'iterator' isn't an acceptable base type",
    ]


def test_new_and_init() -> None:
    assert printed(
        """
        class A:
            def __new__(cls, x):
                print("new", x)
                return super(A, cls).__new__(cls)
            def __init__(self, x): print("init", x)
        A(1)
        class B:
            def __new__(cls): return 5
        print(B())
        class C:
            def __init__(self): return 1
        try: C()
        except TypeError as e: print(e)
        """
    ) == ["new 1", "init 1", "5", "__init__() should return None, not 'int'"]


def test_printing_of_what_has_no_method_for_it() -> None:
    lines = printed(
        """
        class A:
            def m(self): pass
        def f(): yield
        print(A, A(), f(), f, A().m, len, object(), super(A, A()))
        """
    )
    assert lines[0].startswith("<class 'A'> <A object at 2028")
    assert "<generator object 'f' at 2028" in lines[0]
    assert "<bound_method 2028" in lines[0]
