"""``ipconfig`` of ``network`` and of its interfaces (extmod/network_lwip.c, v1.26.0), ``route`` and ``deinit``."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.standard.network.ipconfig import address_of
from tests.bare_machine import Run

START = "import network, time\nn = network\nw = n.WLAN(n.STA_IF)\nl = n.LAN()\n"
JOIN = "w.active(True)\nw.connect('net', 'key')\nwhile not w.isconnected(): time.sleep_ms(100)\n"
OWN = "'192.168.1.50', '255.255.255.0'"


def printed(text: str) -> str:
    return Run(START + text).printed


@given(st.integers(0, 2**32 - 1))
def test_a_dotted_address_is_itself(number: int) -> None:
    text = str(ipaddress.IPv4Address(number))
    assert address_of(text) == text
    assert address_of(str(number)) == address_of(hex(number)) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.1", "10.0.0.1"),
        ("10.1.258", "10.1.1.2"),
        ("010.0x10.0.1", "8.16.0.1"),
        ("255.255.255.256", None),
        ("256.1", None),
        ("1.2.3.4.5", None),
        ("1..2", None),
        ("", None),
        ("-1.2.3.4", None),
        ("example.org", None),
    ],
)
def test_an_address_in_other_words(text: str, address: str | None) -> None:
    assert address_of(text) == address


VALUES = [
    ("print(n.ipconfig('prefer'), n.ipconfig('dns'))", "4 0.0.0.0\n"),
    ("print(n.ipconfig(prefer=6), n.ipconfig('prefer'))", "None 6\n"),
    ("n.ipconfig(dns='9.9.9.9', prefer=4)\nprint(n.ipconfig('dns'))", "9.9.9.9\n"),
    (
        "print(w.ipconfig('dhcp4'), w.ipconfig('has_dhcp4'), w.ipconfig('addr4'), w.ipconfig('gw4'))",
        "False False ('0.0.0.0', '0.0.0.0') 0.0.0.0\n",
    ),
    (
        JOIN + "print(w.ipconfig('dhcp4'), w.ipconfig('has_dhcp4'), w.ipconfig('addr4'), w.ipconfig('gw4'))",
        f"True True ({OWN}) 192.168.1.1\n",
    ),
    (JOIN + "print(n.ipconfig('dns'))", "192.168.1.1\n"),
    (
        JOIN + "w.ipconfig(addr4='10.0.0.7/20', gw4='10.0.0.1')\nprint(w.ipconfig('addr4'), w.ifconfig()[:3])",
        "('10.0.0.7', '255.255.240.0') ('10.0.0.7', '255.255.240.0', '10.0.0.1')\n",
    ),
    (JOIN + "w.ipconfig(addr4=('10.0.0.7', '255.0.0.0'))\nprint(w.ipconfig('addr4'))", "('10.0.0.7', '255.0.0.0')\n"),
    (JOIN + "w.ipconfig(addr4='10.0.0.7')\nprint(w.ipconfig('addr4'))", "('10.0.0.7', '255.255.255.0')\n"),
    (JOIN + "w.ipconfig(addr4=None)\nprint(w.ipconfig('addr4'))", "('0.0.0.0', '0.0.0.0')\n"),
    # the library asks for the first name of the call where it means this one's: nothing is set
    (JOIN + "w.ipconfig(gw4='10.0.0.1', addr4=('10.0.0.7', '255.0.0.0'))\nprint(w.ipconfig('addr4'))", f"({OWN})\n"),
    (
        JOIN + "w.ipconfig(dhcp4=False)\nprint(w.ipconfig('dhcp4'), w.ipconfig('addr4'))",
        "False ('0.0.0.0', '0.0.0.0')\n",
    ),
    (JOIN + "w.ipconfig(dhcp4=False)\nw.ipconfig(dhcp4=True)\nprint(w.ipconfig('addr4'))", f"({OWN})\n"),
    (
        JOIN
        + "w.ifconfig(('10.1.1.1', '255.0.0.0', '10.1.1.2', '8.8.8.8'))\nprint(w.ipconfig('dhcp4'), w.ipconfig('gw4'))",
        "False 10.1.1.2\n",
    ),
    ("l.active(True)\nprint(l.ipconfig('has_dhcp4'), l.ipconfig('addr4'))", f"True ({OWN})\n"),
    (
        "a = n.WLAN(n.AP_IF)\na.active(True)\nprint(a.ipconfig('dhcp4'), a.ipconfig('addr4'), a.ipconfig('gw4'))",
        "False ('192.168.4.1', '255.255.255.0') 192.168.4.1\n",
    ),
    ("print(n.route() == [l], n.route() is n.route(), n.LAN() is n.route()[0], len(n.route()))", "True True True 1\n"),
    (
        JOIN + "w.deinit()\nprint(w.active(), w.isconnected(), w.status(), w.ipconfig('addr4')[0])",
        "True False 0 0.0.0.0\n",
    ),
    (JOIN + "w.deinit()\nw.active(True)\nw.connect('net')\ntime.sleep(2)\nprint(w.isconnected())", "True\n"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_what_it_says(text: str, expected: str) -> None:
    assert printed(text) == expected


UNEXPECTED = "ValueError: unexpected key"
ERRORS = [
    *((f"{who}.ipconfig()", "TypeError: must query one param") for who in "nwl"),
    *((f"{who}.ipconfig('addr4', 'gw4')", "TypeError: must query one param") for who in "nwl"),
    *((f"{who}.ipconfig('dns', prefer=4)", "TypeError: can't specify pos and kw args") for who in "nwl"),
    ("n.ipconfig('addr4')", UNEXPECTED),
    ("n.ipconfig(addr4='1.2.3.4')", UNEXPECTED),
    ("w.ipconfig('dns')", UNEXPECTED),
    ("w.ipconfig('addr6')", UNEXPECTED),  # LWIP_IPV6 is 0
    ("w.ipconfig(autoconf6=True)", UNEXPECTED),
    ("n.ipconfig(dns='nowhere')", "ValueError: invalid arguments as dns server"),
    ("n.ipconfig(prefer=5)", "ValueError: invalid prefer argument"),
    ("w.ipconfig(gw4='1.2.3.400')", "ValueError: invalid arguments"),
    ("w.ipconfig(addr4='1.2.3.400/8')", "ValueError: invalid arguments"),
    ("w.ipconfig(addr4=('1.2.3.4', 'x'))", "ValueError: invalid arguments"),
    ("w.ipconfig(addr4=('1.2.3.4',))", "ValueError: requested length 2 but object has length 1"),
    ("w.ipconfig(addr4='1.2.3.4/a')", "ValueError: invalid syntax for integer with base 10: 'a'"),
    ("w.ipconfig(addr6='1.2.3.4')", "ValueError: invalid address type"),
    ("w.ipconfig(gw4='1.2.3.4', addr4='1.2.3.4')", "ValueError: invalid address type"),
]


@pytest.mark.parametrize(("text", "error"), ERRORS)
def test_what_it_refuses(text: str, error: str) -> None:
    assert printed(text).splitlines()[-1] == error


TEXT, TUPLE = 16, 8
REQUESTS = [
    ("w.ipconfig('gw4')", [TEXT, len("192.168.1.1") + 1]),
    ("w.ipconfig('addr4')", [TEXT, len("192.168.1.50") + 1, TEXT, len("255.255.255.0") + 1, TUPLE + 2 * 4]),
    ("w.ipconfig(addr4=None)", []),
    ("w.ipconfig(gw4='1.2.3.4')", []),
    ("w.ipconfig('dhcp4')", []),
    ("n.ipconfig('dns')", [TEXT, len("192.168.1.1") + 1]),
    ("n.route()", []),
    ("n.LAN()", []),
    ("w.deinit()", []),
]


@pytest.mark.parametrize(("text", "sizes"), REQUESTS)
def test_what_it_asks_for(text: str, sizes: list[int]) -> None:
    start = f"{START}{JOIN}def f():\n    {text}\n"
    before, after = ([size for kind, size in Run(start + call).asked if kind == "alloc"] for call in ("", "f()\n"))
    assert after[len(before) :] == sizes
