"""Who plays each role, within what the shooting model knows, and in which colours: settled once for the whole film."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.agent.brief import Beat, Story
from rushes.agent.lexicon import known_kind, known_name
from rushes.agent.words import NEAR_COLORS, NEAR_LIGHTS, NEAR_MOTIONS, NEAR_SETS
from rushes.backlot.cast import BY_NAME
from rushes.backlot.world import FULL, World

# Colours that suit a kind, best first, where the brief leaves it open.
SUITS = {
    "fox": "orange red",
    "cat": "orange white pink",
    "dog": "brown white orange",
    "rabbit": "white pink brown purple",
    "bear": "brown black orange",
    "elephant": "blue purple pink",
    "horse": "brown white orange",
    "mouse": "pink white brown purple",
    "turtle": "green yellow",
    "snail": "yellow pink purple",
    "penguin": "blue purple black",
    "frog": "green yellow",
    "owl": "brown purple orange blue",
    "bird": "blue red yellow",
    "butterfly": "purple pink orange",
    "bee": "yellow orange",
    "fish": "orange yellow red",
    "whale": "blue purple",
    "octopus": "pink purple red",
    "duck": "yellow white orange",
    "car": "red yellow blue",
    "bus": "yellow red",
    "train": "red green blue",
    "boat": "red yellow orange",
    "rocket": "red white blue",
    "balloon": "red purple orange",
    "plane": "red white blue",
    "apple": "red green",
    "banana": "yellow",
    "cake": "pink white",
    "ice cream": "pink white",
    "carrot": "orange",
    "lantern": "red yellow",
    "umbrella": "red purple yellow",
    "ball": "red blue yellow",
    "book": "red blue purple",
    "cup": "white blue red",
    "clock": "red yellow purple",
    "kite": "red purple yellow",
    "key": "yellow orange",
    "gift": "red purple pink",
    "tree": "green",
    "flower": "pink red purple yellow",
    "cactus": "green",
    "mushroom": "red orange",
    "girl": "red purple yellow pink",
    "man": "blue green red",
    "robot": "blue purple yellow",
    "ghost": "white purple",
    "snowman": "white",
}
# A colour that an actor would be lost in, by set.
HIDES = {
    "snowfield": "white",
    "sea": "blue",
    "underwater": "blue",
    "meadow": "green",
    "forest": "green",
    "desert": "yellow",
    "beach": "yellow",
    "space": "black",
}


@dataclass(frozen=True, kw_only=True)
class Player:
    """A role as it will be seen in every shot."""

    kind: str  # a name in cast.KINDS that the model knows
    color: str
    pattern: str
    accessory: str
    size: float  # frame heights, before the shot's framing
    alive: bool  # has a face
    count: int = 1


def cast_players(story: Story, world: World | None) -> tuple[list[Player | None], list[str]]:
    """A player for each role, None for a role that nobody of this world can play, and what a person should know."""
    world = world or FULL
    players: list[Player | None] = []
    notes: list[str] = []
    for place, role in enumerate(story.cast):
        kind = known_kind(role.kind, world)
        if kind is None:
            notes.append(f"the model has nobody to play the {role.word}; it is left out")
            players.append(None)
            continue
        if kind != role.kind:
            notes.append(f"the model does not know the {role.word}; a {kind} plays the part")
        color = _color(story, place, kind, world, players, notes)
        pattern = known_name(role.pattern or "plain", world.patterns, {})
        accessory = known_name(role.accessory or "none", world.accessories, {})
        about = BY_NAME[kind]
        if not about.alive:
            accessory = "none" if "none" in world.accessories else accessory
        for asked, got in ((role.pattern, pattern), (role.accessory, accessory)):
            if asked and asked != got:
                notes.append(f"the {kind} is shown without {asked}, which it can't have here")
        size = about.size * role.size
        players.append(
            Player(
                kind=kind,
                color=color,
                pattern=pattern,
                accessory=accessory,
                size=size,
                alive=about.alive,
                count=role.count,
            )
        )
    return players, notes


def fit_beat(beat: Beat, world: World | None, notes: list[str]) -> Beat:
    """The beat with place, weather, light and motions that the model knows; adds a note for each that is not."""
    from dataclasses import replace

    world = world or FULL
    place = known_name(beat.set, world.sets, NEAR_SETS)
    light = known_name(beat.light, world.lights, NEAR_LIGHTS)
    weather = beat.weather if beat.weather in world.weathers else world.weathers[0]
    motions = tuple(dict.fromkeys(known_name(motion, world.motions, NEAR_MOTIONS) for motion in beat.motions))
    camera = beat.camera if beat.camera in world.camera_moves else ""
    for what, asked, got in (
        ("place", beat.set, place),
        ("light", beat.light, light),
        ("weather", beat.weather, weather),
        ("motion", " and ".join(beat.motions), " and ".join(motions)),
        ("camera move", beat.camera, camera),
    ):
        if asked and asked != got:
            _note(notes, f"the model does not know the {what} {asked!r}; it is {got or 'still'} instead")
    return replace(beat, set=place, light=light, weather=weather, motions=motions, camera=camera)


def _color(story: Story, place: int, kind: str, world: World, players: list[Player | None], notes: list[str]) -> str:
    role = story.cast[place]
    if role.color is not None:
        color = known_name(role.color, world.colors, NEAR_COLORS)
        if color != role.color:
            notes.append(f"the model does not know {role.color}; the {role.word} is {color}")
        return color
    first = next((beat for beat in story.beats if place in beat.roles), None)
    partners = {players[other].color for other in (first.roles if first else ()) if _cast(players, other)}  # type: ignore[union-attr]
    hidden = {HIDES.get(beat.set, "") for beat in story.beats if place in beat.roles}
    wanted = [color for color in SUITS.get(kind, "red blue yellow").split() if color in world.colors]
    for avoid in (partners | hidden, hidden, set[str]()):
        for color in wanted:
            if color not in avoid:
                return color
    return next((color for color in world.colors if color not in partners | hidden), world.colors[0])


def _cast(players: list[Player | None], role: int) -> bool:
    return role < len(players) and players[role] is not None


def _note(notes: list[str], text: str) -> None:
    if text not in notes:
        notes.append(text)
