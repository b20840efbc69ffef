"""From the parse tree to instructions, with every request that compiling makes (py/compile.c, py/emitbc.c)."""

from omvsim.compiler.passes import compile_tree

__all__ = ["compile_tree"]
