"""A text to a tree: lexer, grammar, parser, and what reading asks of the heap."""
