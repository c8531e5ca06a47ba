"""Minqing 民情: every concern gets one code, one owner, one clock and an answer."""

__version__ = "0.1.0"
