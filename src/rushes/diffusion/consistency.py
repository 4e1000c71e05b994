"""Continuous-time consistency, sCM (arXiv:2410.11081 alg. 1, as rCM arXiv:2510.08431 uses it), for straight paths.

A consistency function f(x, sigma) jumps from anywhere on a path of the teacher's flow to the path's clean end. The
student is one: f = x - sigma v. It is right where f does not change along the path: df/dsigma = 0, f(x, 0) = x.

sCM is written for trigonometric paths z_t = cos(t) clean + sin(t) noise with dz/dt = F(z, t). Ours are straight, y_s =
(1 - s) clean + s noise with dy/ds = v(y, s). One is the other, exactly: with n = cos t + sin t,

    s = sin(t) / n,    y = z / n,    F(z, t) = ((cos t - sin t) z + v(z / n, s)) / n,

(put clean = y - s v and noise = y + (1 - s) v into F = cos(t) noise - sin(t) clean), and f is the same function:
cos(t) z - sin(t) F = y - s v. So the loss below is the paper's own, on F made of v.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rushes.diffusion.flow import spread

Velocity = Callable[[Tensor, Tensor], Tensor]  # of x (B, …) at sigma (B,)


def to_trig(noisy: Tensor, sigma: Tensor) -> tuple[Tensor, Tensor]:
    """The point z (B, …) and angle t (B,) in [0, pi / 2] of a straight path's x at sigma."""
    t = torch.atan2(sigma, 1 - sigma)
    return noisy * spread(t.cos() + t.sin(), noisy), t


def trig_field(velocity: Velocity) -> Velocity:
    """F(z, t) of a straight path's velocity(x, sigma)."""

    def field(z: Tensor, t: Tensor) -> Tensor:
        cos, sin = t.cos(), t.sin()
        n = cos + sin
        return (spread(cos - sin, z) * z + velocity(z / spread(n, z), sin / n)) / spread(n, z)

    return field


def consistency_loss(
    student: Velocity,
    teacher: Velocity,
    noisy: Tensor,
    sigma: Tensor,
    *,
    ramp: float = 1.0,
    difference: float | None = None,
) -> Tensor:
    """(B,) losses whose gradient moves the student towards being constant along the teacher's flow.

    ramp: r in [0, 1], the share of the term with the student's own derivative; it rises over the first steps.
    difference: None takes that derivative by forward-mode differentiation; a number of radians takes it between two
    points that far apart on the path, which any network can do, needs one call less and is off by the order of it.
    Losses of samples that are not finite are 0 and give no gradient.
    """
    z, t = to_trig(noisy, sigma)
    own = trig_field(student)
    prediction = own(z, t)
    with torch.no_grad():
        path = trig_field(teacher)(z, t)  # dz/dt
    here = prediction.detach()
    cos, sin = spread(t.cos(), z), spread(t.sin(), z)
    if difference is None:
        change = along(own, z, t, cos * sin * path, t.cos() * t.sin())  # cos sin dF/dt, bounded where cos sin is small
    else:
        step = t.clamp(max=difference)  # not past the clean end
        with torch.no_grad():
            before = own(z - spread(step, z) * path, t - step)
        change = cos * sin * (here - before) / spread(step.clamp(min=1e-6), z)
    tangent = -cos.square() * (here - path) - ramp * (cos * sin * z + change)  # cos t df/dt
    size = tangent.square().flatten(1).mean(1).sqrt()
    tangent = tangent / (spread(size, z) + 0.1)  # section 4.2
    finite = tangent.isfinite().flatten(1).all(1)
    tangent = torch.where(spread(finite, z), tangent, 0.0)
    losses = (prediction - here - tangent).square().flatten(1).mean(1)
    return torch.where(finite, losses, 0.0)


def along(field: Velocity, z: Tensor, t: Tensor, dz: Tensor, dt: Tensor) -> Tensor:
    """The derivative of field(z, t) in the direction (dz, dt), without a graph."""
    # With gradients on: fused kernels, chosen where they are off, have no forward mode.
    with torch.enable_grad():
        tangent: Tensor = torch.func.jvp(field, (z.detach(), t), (dz, dt))[1]
    return tangent.detach()
