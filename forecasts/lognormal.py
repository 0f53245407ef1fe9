"""A log-normal clock: its survival, and its fit to times of which many are censored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Matrix = NDArray[np.float64]

DIGITS: Final = 6
"""Fitted numbers are rounded before use: bytes agree between machines."""

STEPS: Final = 40
SHORTEST: Final = 2.0**-12
TOLERANCE: Final = 1e-9
WIDEST: Final = 0.5
HALF: Final = 0.6931471805599453
ROOT_HALF: Final = 0.7071067811865476
NORMAL: Final = 0.9189385332046727

ERFC: Final = (
    *(0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807),
    *(-0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223),
)
"""Chebyshev fit of log(erfc(x) / t) + x^2 in t = 1 / (1 + x/2), relative error 1.2e-7.

Source: Press et al., Numerical Recipes in C, 2nd edition, section 6.2 (`erfcc`). NumPy has no
error function, and SciPy would double the time that `record` takes.
"""


def log_survival(z: Vector) -> Vector:
    """The log of P(Z > z) of a standard normal, good to 1e-6 far into either tail."""
    x = np.abs(z) * ROOT_HALF
    t = 1.0 / (1.0 + 0.5 * x)
    series = np.full_like(t, ERFC[0])
    for coefficient in ERFC[1:]:
        series *= t
        series += coefficient
    tail = np.log(t) - x * x + series - HALF
    return np.where(z >= 0.0, tail, np.log1p(-np.exp(np.minimum(tail, -HALF))))


def survival(z: Vector) -> Vector:
    """P(Z > z) of a standard normal."""
    x = np.abs(z)
    x *= ROOT_HALF
    t = 1.0 / (1.0 + 0.5 * x)
    series = np.full_like(t, ERFC[0])
    for coefficient in ERFC[1:]:
        series *= t
        series += coefficient
    x *= x
    series -= x
    tail = np.exp(series, out=series)
    tail *= t
    tail *= 0.5
    return np.where(z >= 0.0, tail, 1.0 - tail)


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """What is believed of a clock before the reference class has spoken.

    Normal, with a precision each: the coefficients, then the log of sigma.
    """

    mean: Vector
    precision: Vector
    log_sigma: float
    sigma_precision: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """Log times, a row each; what was not `seen` to strike is censored at its time."""

    x: Matrix
    log_time: Vector
    seen: NDArray[np.bool_]
    weight: Vector


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """log T ~ N(x . coefficients, sigma^2), and how sure the fit is of its coefficients."""

    coefficients: Vector
    sigma: float
    covariance: Matrix

    def location(self, x: Matrix) -> Vector:
        """The mean of log T for each row of features."""
        return np.asarray(x @ self.coefficients, dtype=np.float64)

    def spread(self, x: Matrix) -> Vector:
        """The standard deviation of log T for each row, doubt about the fit included."""
        doubt = np.einsum("ij,jk,ik->i", x, self.covariance, x)
        return np.asarray(np.sqrt(self.sigma**2 + np.maximum(doubt, 0.0)), np.float64)


def fit(sample: Sample, prior: Prior, *, doubt: float) -> Clock:
    """The posterior mode of a clock.

    Maximises sum_i w_i l_i - (theta - theta0)' P (theta - theta0) / 2 by damped Newton, with
    z = (log t - x . b) / sigma and l = -log sigma - z^2/2 where seen, log P(Z > z) where not.
    The covariance is the inverse of the curvature at the mode, times `doubt` (the design
    effect: successive landmarks of one programme are no independent witnesses).
    """
    centre = np.append(prior.mean, prior.log_sigma)
    precision = np.append(prior.precision, prior.sigma_precision)

    def value(theta: Vector) -> float:
        gain = _likelihood(sample, theta) - precision @ (theta - centre) ** 2 / 2.0
        return float(gain)

    theta, best = centre, value(centre)
    for _ in range(STEPS):
        slope, curvature = _derivatives(sample, theta)
        step = _ascent(slope - precision * (theta - centre), curvature + np.diag(precision))
        length = 1.0
        while length > SHORTEST and (new := value(theta + length * step)) < best:
            length /= 2.0
        if length <= SHORTEST:
            break
        theta, gained, best = theta + length * step, new - best, new
        if gained < TOLERANCE:
            break
    _, curvature = _derivatives(sample, theta)
    covariance = np.linalg.inv((curvature + np.diag(precision))[:-1, :-1]) * doubt
    return Clock(
        coefficients=np.round(theta[:-1], DIGITS),
        sigma=round(float(np.exp(theta[-1])), DIGITS),
        covariance=np.round((covariance + covariance.T) / 2.0, DIGITS),
    )


def _likelihood(sample: Sample, theta: Vector) -> float:
    z = (sample.log_time - sample.x @ theta[:-1]) / np.exp(theta[-1])
    each = np.where(sample.seen, -theta[-1] - z * z / 2.0, log_survival(z))
    return float(sample.weight @ each)


def _derivatives(sample: Sample, theta: Vector) -> tuple[Vector, Matrix]:
    """Gradient and negative Hessian of the log-likelihood in (b, log sigma)."""
    x, seen, weight = sample.x, sample.seen, sample.weight
    sigma = np.exp(theta[-1])
    z = (sample.log_time - x @ theta[:-1]) / sigma
    mills = np.exp(-z * z / 2.0 - NORMAL - log_survival(z))
    bend = mills * (mills - z)
    first = np.where(seen, z, mills) / sigma
    second = np.where(seen, 1.0, bend) / sigma**2
    cross = np.where(seen, 2.0 * z, mills + z * bend) / sigma
    by_sigma = np.where(seen, z * z - 1.0, z * mills)
    twice = np.where(seen, 2.0 * z * z, z * (mills + z * bend))
    curvature = np.empty((theta.size, theta.size))
    curvature[:-1, :-1] = (x * (weight * second)[:, None]).T @ x
    curvature[:-1, -1] = curvature[-1, :-1] = x.T @ (weight * cross)
    curvature[-1, -1] = max(float(weight @ twice), 0.0)
    return np.append(x.T @ (weight * first), weight @ by_sigma), curvature


def _ascent(slope: Vector, curvature: Matrix) -> Vector:
    """Newton's step; where the curvature bends the wrong way, without its cross terms.

    Given sigma the likelihood is concave in b (Burridge 1981), so that one always climbs.
    """
    try:
        np.linalg.cholesky(curvature)
    except np.linalg.LinAlgError:
        curvature = curvature.copy()
        curvature[:-1, -1] = curvature[-1, :-1] = 0.0
    step = np.linalg.solve(curvature, slope)
    return np.asarray(step * min(1.0, WIDEST / max(abs(step[-1]), 1e-300)), np.float64)
