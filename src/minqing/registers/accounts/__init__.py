"""Accounts: who acts. Users, the posts they sit in, tokens; what each role sees and may do; the Viewer of all that.

`rules` and `scoping` are what the kernel needs of it; `posts` is the table of roles; `queries` make viewers of tokens.
"""
