#!/usr/bin/env python3
"""Finds the coefficients of erf in engine/core/elementary.hpp: polynomials with the smallest largest error.

    |x| < 0.921875:        erf(x) = x + x P(x^2)           error relative to erf
    0.921875 <= |x| <= 4:  erf(x) = sign (1 - exp(-|x| Q(|x|)))  error absolute

Lawson's method: least squares, whose weights grow where the error is large, until it is equal everywhere. Prints the
coefficients as floats, highest power first, as Horner's scheme takes them.
"""
import math

import numpy as np

JOIN, END = 0.921875, 4.0


def fit(variable, wanted, scale, degree):
    powers = np.vander(variable, degree + 1)
    weight = np.ones_like(variable)
    best, least = None, math.inf
    for _ in range(2000):
        root = np.sqrt(weight)
        found, *_ = np.linalg.lstsq(powers * (scale * root)[:, None], wanted * scale * root, rcond=None)
        error = np.abs(powers @ found - wanted) * scale
        if error.max() < least:
            best, least = found, error.max()
        weight *= error
        weight /= weight.sum()
    return best, least


def nodes(low, high, count=2000):
    return (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(count) + 0.5) / count)


def main():
    erf, erfc = np.vectorize(math.erf), np.vectorize(math.erfc)
    x = nodes(1e-4, JOIN)
    t = nodes(JOIN, END)
    parts = {
        "P": fit(x * x, erf(x) / x - 1, x / erf(x), 6),
        "Q": fit(t, -np.log(erfc(t)) / t, erfc(t) * t, 5),
    }
    for name, (coefficients, error) in parts.items():
        print(f"{name}: largest error {error:.2e}")
        print("  " + ", ".join(f"{np.float32(c):.10g}f" for c in coefficients))


if __name__ == "__main__":
    main()
