"""Pure functions and frozen dataclasses: no Django, no clock, no I/O.

Canonical units throughout (N, N·m, degrees, cm, kg, s, mA, µs, µC), named in every argument. A value that
cannot be is a ``ValueError``; a result whose input is missing is ``None``.
"""
