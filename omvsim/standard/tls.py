"""``tls`` (extmod/modtls_mbedtls.c): its contexts keep what mbedtls asks for on the heap, which is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

CONSTANTS: Final[dict[str, Value]] = {
    "PROTOCOL_TLS_CLIENT": 0,
    "PROTOCOL_TLS_SERVER": 1,
    "PROTOCOL_DTLS_CLIENT": 2,
    "PROTOCOL_DTLS_SERVER": 3,
    "CERT_NONE": 0,
    "CERT_OPTIONAL": 1,
    "CERT_REQUIRED": 2,
}


def module(vm: Machine) -> NativeModule:
    """``tls``."""
    names: dict[str, Value] = {name: unknown(f"tls.{name}") for name in ("SSLContext", "MBEDTLS_VERSION")}
    return NativeModule("tls", {**names, **CONSTANTS})


__all__ = ["module"]
