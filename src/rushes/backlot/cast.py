"""The cast that is drawn by code: what each kind is called, how it gets about, and where it belongs.

No torch here: planners read this table; `draw/` holds the rig that draws each kind.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str  # the word used in scenes and captions
    words: tuple[str, ...] = ()  # other words that people use for it
    travels: str = "walks"  # verb for the motion `walk`
    hurries: str = "runs"  # verb for the motion `run`
    habitat: str = "ground"  # "ground", "air" or "water": where it is at home
    size: float = 0.4  # usual height in frame heights
    alive: bool = True  # has a face: can wave, look, wear things
    group: str = "animal"  # animal, vehicle, food, thing, plant, person


def _animal(name: str, *words: str, size: float = 0.4, travels: str = "walks", hurries: str = "runs") -> Kind:
    return Kind(name=name, words=words, travels=travels, hurries=hurries, size=size)


def _flier(name: str, *words: str, size: float = 0.3) -> Kind:
    return Kind(name=name, words=words, size=size, habitat="air", travels="flutters", hurries="darts")


def _swimmer(name: str, *words: str, size: float = 0.3) -> Kind:
    return Kind(name=name, words=words, size=size, habitat="water", travels="swims", hurries="darts")


def _vehicle(name: str, *words: str, size: float, travels: str = "drives", habitat: str = "ground") -> Kind:
    how = {"travels": travels, "hurries": "races", "habitat": habitat, "group": "vehicle"}
    return Kind(name=name, words=words, size=size, alive=False, **how)


def _thing(name: str, *words: str, group: str = "thing", size: float = 0.3) -> Kind:
    return Kind(name=name, words=words, travels="slides", hurries="rushes", alive=False, group=group, size=size)


def _person(name: str, *words: str, size: float = 0.5) -> Kind:
    return Kind(name=name, words=words, group="person", size=size)


KINDS: tuple[Kind, ...] = (
    _animal("fox", "vixen", size=0.38),
    _animal("cat", "kitten", "kitty", size=0.36),
    _animal("dog", "puppy", "hound", size=0.38),
    _animal("rabbit", "bunny", "hare", size=0.38),
    _animal("bear", "cub", size=0.48),
    _animal("elephant", size=0.5),
    _animal("horse", "pony", "mare", "stallion", size=0.5),
    _animal("mouse", "rat", size=0.26),
    _animal("turtle", "tortoise", size=0.28, travels="crawls", hurries="hurries"),
    _animal("snail", "slug", size=0.28, travels="crawls", hurries="hurries"),
    _animal("penguin", size=0.4, travels="waddles"),
    _animal("frog", "toad", size=0.28, travels="hops"),
    _flier("owl", size=0.36),
    _flier("bird", "sparrow", "robin", "swallow", "crow"),
    _flier("butterfly", "moth"),
    _flier("bee", "wasp", "bumblebee", size=0.24),
    _swimmer("fish", "goldfish", "trout"),
    _swimmer("whale", size=0.42),
    _swimmer("octopus", "squid", size=0.38),
    _swimmer("duck", "duckling", size=0.3),
    _vehicle("car", "automobile", "taxi", size=0.3),
    _vehicle("bus", "coach", size=0.38),
    _vehicle("train", "locomotive", size=0.38),
    _vehicle("boat", "ship", "sailboat", "sailing ship", "vessel", travels="sails", habitat="water", size=0.5),
    _vehicle("rocket", "spaceship", "spacecraft", travels="glides", habitat="air", size=0.45),
    _vehicle("balloon", "hot-air balloon", "airship", travels="floats", habitat="air", size=0.5),
    _vehicle("plane", "airplane", "aeroplane", "jet", travels="glides", habitat="air", size=0.3),
    _thing("apple", group="food", size=0.28),
    _thing("banana", group="food", size=0.28),
    _thing("cake", "birthday cake", group="food", size=0.3),
    _thing("ice cream", "ice-cream", "cone", group="food", size=0.36),
    _thing("carrot", group="food", size=0.34),
    _thing("lantern", "lamp", "paper lantern", "light", size=0.34),
    _thing("umbrella", "parasol", size=0.4),
    _thing("ball", "football", size=0.26),
    _thing("book", "diary", size=0.28),
    _thing("cup", "mug", "teacup", "coffee", size=0.26),
    _thing("clock", "alarm clock", "watch", size=0.3),
    _thing("kite", size=0.34),
    _thing("key", size=0.3),
    _thing("gift", "present", "parcel", "box", size=0.28),
    _thing("tree", "oak", group="plant", size=0.6),
    _thing("flower", "rose", "tulip", "daisy", group="plant", size=0.4),
    _thing("cactus", group="plant", size=0.42),
    _thing("mushroom", "toadstool", group="plant", size=0.3),
    _person("girl", "woman", "child", "princess", "lady", "daughter"),
    _person("man", "boy", "father", "prince", "king", "guy", size=0.52),
    _person("robot", "android", "machine", size=0.46),
    _person("ghost", "spirit", size=0.4),
    _person("snowman", size=0.44),
)

BY_NAME = {kind.name: kind for kind in KINDS}
