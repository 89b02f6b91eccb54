"""MRC ranks as grades, to say how many full grades lie between two."""

from rehab.reference.scales import MRC_GRADES, mrc_integer


def from_rank(*, rank: float) -> float:
    """Grade with a plus or minus as a third (4- is 3.67), from a rank 0-10 of ``rehab.reference.scales``.

    A difference of 1 is one full grade on every MRC scale; ranks cannot say that, since 3 to 4 is three ranks
    and 1 to 2 is one. Not an interval scale either: compare, never average. Another rank: ``ValueError``.
    Convention of this project.

    >>> [round(from_rank(rank=rank), 2) for rank in (2, 3, 4, 7, 10)]
    [2.0, 2.67, 3.0, 4.0, 5.0]
    """
    names = MRC_GRADES["MRC11"]
    if rank not in range(len(names)):
        raise ValueError(f"an MRC rank is a whole number from 0 to {len(names) - 1}, not {rank}")
    grade = names[int(rank)]
    return mrc_integer(scale="MRC11", grade=grade) + {"-": -1, "+": 1}.get(grade[-1], 0) / 3
