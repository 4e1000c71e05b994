"""Looks by their names: what each makes of a clip's grade, and a grade in words."""

from __future__ import annotations

from dataclasses import replace

from rushes.media.grade import RANGES, Grade

SET: dict[str, dict[str, float]] = {  # whatever the clip had before
    "black_and_white": {"saturation": 0.0, "sepia": 0.0},
    "sepia": {"sepia": 1.0},
    "warm": {"warmth": 0.5},
    "cool": {"warmth": -0.5},
    "vivid": {"saturation": 1.4, "contrast": 1.1},
    "muted": {"saturation": 0.6, "contrast": 0.9},
}
FACTORS = {  # times what it has
    "brighter": ("brightness", 1.5),
    "darker": ("brightness", 1 / 1.5),
    "more_contrast": ("contrast", 1.25),
    "less_contrast": ("contrast", 1 / 1.25),
}
STEPS = {  # added to what it has
    "warmer": ("warmth", 0.4),
    "cooler": ("warmth", -0.4),
    "more_colour": ("saturation", 0.35),
    "less_colour": ("saturation", -0.35),
}
BACK = {"colour": ("saturation", "sepia"), "as_shot": tuple(RANGES)}  # to what was shot
MOST_AMOUNT = 4.0  # times a look
LOOKS = (*SET, *FACTORS, *STEPS, *BACK)


def with_look(grade: Grade, look: str, amount: float = 1.0) -> Grade:
    """The grade with one of LOOKS; amount: 0.5 is half of it, 2 twice. What would leave a range stays at its end."""
    if look in BACK:
        return replace(grade, **{name: getattr(Grade, name) for name in BACK[look]})
    if look in FACTORS:
        name, factor = FACTORS[look]
        found = {name: getattr(grade, name) * factor**amount}
    elif look in STEPS:
        name, step = STEPS[look]
        found = {name: getattr(grade, name) + step * amount}
    else:
        usual = {name: getattr(Grade, name) for name in SET[look]}
        found = {name: usual[name] + (value - usual[name]) * amount for name, value in SET[look].items()}
    return replace(grade, **{name: _held(name, value) for name, value in found.items()})


def fields_of(look: str) -> frozenset[str]:
    """What of a grade a look changes."""
    if look in BACK:
        return frozenset(BACK[look])
    named = FACTORS.get(look) or STEPS.get(look)
    return frozenset([named[0]] if named else SET.get(look, {}))


def in_words(grade: Grade) -> str:
    """Such as "in black and white", or "brighter (1.5) and warmer (0.4), with more contrast (1.25)"."""
    sepia = grade.sepia == RANGES["sepia"][1]
    grey = grade.saturation == 0 and not sepia
    found = ["in sepia"] if sepia else ["in black and white"] if grey else []
    if grade.brightness != 1:
        found.append(f"{'brighter' if grade.brightness > 1 else 'darker'} ({grade.brightness:.3g})")
    if grade.warmth:
        found.append(f"{'warmer' if grade.warmth > 0 else 'cooler'} ({grade.warmth:.2g})")
    beside = [f"{'more' if grade.contrast > 1 else 'less'} contrast ({grade.contrast:.3g})"] * (grade.contrast != 1)
    if grade.saturation != 1 and not (grey or sepia):
        beside.append(f"{'stronger' if grade.saturation > 1 else 'weaker'} colours ({grade.saturation:.3g})")
    beside += [f"some sepia ({grade.sepia:.2g})"] * (0 < grade.sepia < 1)
    parts = [_listed(found), f"with {_listed(beside)}" if beside else ""]
    return ", ".join(part for part in parts if part) or "as shot"


def _held(name: str, value: float) -> float:
    low, high = RANGES[name]
    return round(min(max(value, low), high), 4)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
