"""What judges of one figure share."""
import contextlib
import io
import math
import subprocess


def judge(named, difference, limit, what):
    """Prints a line for each name and value of `named`, and the count; difference(value) is the figure. Gives the exit
    code: 1 when one is above `limit` (NaN is), could not be had, or there was none."""
    passed = failed = 0
    for name, value in named.items():
        try:
            found = difference(value)
        except (subprocess.CalledProcessError, ValueError, KeyError) as error:
            print(f"FAILED {name}: {error} {getattr(error, 'stderr', '')}")
            failed += 1
            continue
        good = found <= limit
        passed, failed = passed + good, failed + (not good)
        print(f"{'passed' if good else 'FAILED'} {name}: largest difference in {what} {found:.1e}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def largest(values):
    """The largest of some figures, of which there must be one; NaN if one is NaN, which max() may pass over."""
    values = list(values)
    return math.nan if any(math.isnan(value) for value in values) else max(values)


def self_test():
    """judge() can fail, and largest() sees what is no number."""
    assert largest([1.0, 3.0, 2.0]) == 3
    assert all(math.isnan(largest(order)) for order in ([math.nan, 1.0], [1.0, math.nan], [2.0, math.nan, 1.0]))
    with contextlib.redirect_stdout(io.StringIO()):
        assert judge({"a": 1.0, "b": 2.0}, lambda x: x, 2, "figures") == 0
        for bad in {"a": 1.0, "b": 2.1}, {"a": math.nan}, {"a": "none"}, {}:
            assert judge(bad, float, 2, "figures") == 1, bad
