"""The light of a scene: the colours of its sky, how it tints sets and cast, and what glows through it.

Sets are painted before the cast and graded with it: `Light.tint` multiplies the whole picture at the end. What has to
come out in a given colour whatever the light (sky, moon, lit windows) is therefore painted as `Light.glow` of it, which
may exceed 1 until the grade.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rushes.backlot.scene import Scene

RGB = tuple[float, float, float]
Sky = tuple[RGB, RGB, RGB]  # overhead, half way, at the horizon


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """`share` of b in a."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


@dataclass(frozen=True, kw_only=True)
class Light:
    tint: RGB  # multiplies the whole picture, cast included
    scenery: RGB  # multiplies sets only: the cast stays brighter than what is behind it
    sky: Sky  # as it comes out
    cloud: tuple[RGB, RGB]  # top and underside, as they come out
    sun: RGB | None  # colour of the disc of the sun, None when it is not in the sky
    dark: bool = False  # moon and stars are out, windows are lit
    haze: float = 0.5  # how much the far distance takes the sky's colour, 0 to 1

    def lit(self, color: RGB) -> RGB:
        """What to paint for scenery that has `color` in daylight."""
        return (color[0] * self.scenery[0], color[1] * self.scenery[1], color[2] * self.scenery[2])

    def glow(self, color: RGB) -> RGB:
        """What to paint so that `color` comes out of the grade."""
        return (color[0] / self.tint[0], color[1] / self.tint[1], color[2] / self.tint[2])

    def far(self, color: RGB, distance: float) -> RGB:
        """Scenery of `color` seen through the air: distance 0 here, 1 at the horizon."""
        return mix(self.lit(color), self.glow(self.sky[2]), min(1.0, distance * (0.4 + self.haze)))


LIGHTS = {
    "day": Light(
        tint=(1.0, 1.0, 1.0),
        scenery=(1.0, 1.0, 1.0),
        sky=((0.34, 0.65, 0.93), (0.60, 0.83, 0.97), (0.90, 0.96, 0.97)),
        cloud=((1.0, 1.0, 1.0), (0.82, 0.89, 0.96)),
        sun=(1.0, 0.96, 0.78),
    ),
    "sunset": Light(
        tint=(1.0, 0.92, 0.84),
        scenery=(0.96, 0.81, 0.78),
        sky=((0.35, 0.30, 0.58), (0.90, 0.50, 0.48), (1.0, 0.80, 0.50)),
        cloud=((1.0, 0.78, 0.66), (0.72, 0.42, 0.54)),
        sun=(1.0, 0.90, 0.62),
    ),
    "night": Light(
        tint=(0.72, 0.76, 0.93),
        scenery=(0.50, 0.58, 0.74),
        sky=((0.04, 0.06, 0.19), (0.09, 0.13, 0.33), (0.20, 0.27, 0.50)),
        cloud=((0.30, 0.36, 0.56), (0.15, 0.19, 0.38)),
        sun=None,
        dark=True,
    ),
    "overcast": Light(
        tint=(0.91, 0.93, 0.95),
        scenery=(0.84, 0.87, 0.90),
        sky=((0.60, 0.66, 0.72), (0.72, 0.77, 0.81), (0.84, 0.87, 0.88)),
        cloud=((0.80, 0.83, 0.86), (0.60, 0.65, 0.70)),
        sun=None,
        haze=0.7,
    ),
}

STORM: Sky = ((0.17, 0.20, 0.28), (0.29, 0.33, 0.41), (0.46, 0.50, 0.55))


def light_of(scene: Scene) -> Light:
    """The light of a scene, its weather included: rain greys the sky, a storm darkens everything."""
    light = LIGHTS[scene.light]
    if scene.weather == "storm":
        share = 0.55 if light.dark else 0.9
        return replace(
            light,
            tint=mix(light.tint, (0.74, 0.78, 0.86), 0.35 if light.dark else 0.9),
            scenery=mix(light.scenery, (0.62, 0.66, 0.72), 0.2 if light.dark else 0.8),
            sky=_mixed_sky(light.sky, STORM, share),
            cloud=(mix(light.cloud[0], (0.40, 0.43, 0.50), 0.9), mix(light.cloud[1], (0.20, 0.23, 0.30), 0.9)),
            sun=None,
        )
    if scene.weather in ("rain", "snow", "fog"):
        grey = LIGHTS["overcast"]
        share = 0.15 if light.dark else 0.45 if scene.light == "sunset" else 0.75
        return replace(
            light,
            tint=mix(light.tint, grey.tint, share),
            scenery=mix(light.scenery, grey.scenery, share),
            sky=_mixed_sky(light.sky, grey.sky, share),
            cloud=(mix(light.cloud[0], grey.cloud[0], share), mix(light.cloud[1], grey.cloud[1], share)),
            sun=None,
            haze=0.75,
        )
    return light


def _mixed_sky(a: Sky, b: Sky, share: float) -> Sky:
    return mix(a[0], b[0], share), mix(a[1], b[1], share), mix(a[2], b[2], share)
