"""Tables of English words and what they mean in the backlot's vocabulary; `lexicon.py` looks words up in them.

Names and synonyms of the cast come from `backlot.cast`; here are who plays what the cast lacks, verbs, places, weather,
light, camera and mood.
"""

from __future__ import annotations

from rushes.backlot import scene as vocabulary


def _table(**rows: str) -> dict[str, str]:
    """{"run": "chase hurry"} -> {"chase": "run", "hurry": "run"}; an underscore stands for a space, in words too."""
    return {word.replace("_", " "): name for name, words in rows.items() for word in words.split()}


# Words that stand for a kind only with an article or a colour before them: "a watch" is a clock, "they watch" is not.
WEAK_NOUNS = frozenset(
    "light watch present coffee jet machine cone rose box duck swallow robin coach king spirit crow jumper "
    "orange guy lady fly fish ship train book bear sail park land drive".split()
)

# Kinds that the cast lacks, and who plays them. Shown to the user as a note.
NEAR_KINDS = _table(
    fox="wolf coyote jackal raccoon badger squirrel weasel otter ferret",
    cat="lion tiger leopard panther lynx cheetah jaguar lioness puma",
    dog="hyena goat sheep lamb pig piglet boar calf wolfhound terrier",
    rabbit="kangaroo guinea_pig chinchilla",
    bear="panda koala gorilla monkey ape yeti bigfoot sloth beaver",
    elephant="rhino rhinoceros hippo hippopotamus mammoth dinosaur",
    horse="deer cow bull moose zebra donkey unicorn giraffe camel reindeer llama ox buffalo stag foal",
    mouse="hamster hedgehog mole shrew gerbil",
    turtle="crab lobster armadillo beetle crocodile alligator lizard",
    snail="worm caterpillar snake slug",
    penguin="seal walrus puffin",
    frog="chameleon gecko newt salamander",
    owl="eagle hawk falcon vulture bat dragon phoenix",
    bird=(
        "parrot pigeon dove seagull gull hen chicken rooster stork raven magpie canary finch pelican flamingo bluebird"
    ),
    butterfly="dragonfly fairy ladybug ladybird",
    bee="hornet firefly mosquito insect bug wasp",
    fish="salmon shark tuna carp koi seahorse eel clownfish",
    whale="dolphin orca porpoise",
    octopus="jellyfish kraken cuttlefish",
    duck="swan goose gosling",
    car=(
        "truck van lorry tractor motorcycle motorbike bicycle bike cart carriage tank ambulance jeep limousine scooter"
    ),
    bus="tram trolley caravan camper",
    train="subway metro wagon",
    boat="canoe raft yacht ferry submarine kayak galleon warship liner gondola dinghy schooner",
    rocket="missile satellite shuttle ufo comet meteor starship",
    balloon="zeppelin blimp parachute bubble",
    plane="helicopter drone aircraft glider biplane",
    apple="pear peach plum cherry tomato fruit lemon grape strawberry",
    banana="corn melon",
    cake="pie bread pizza cupcake muffin cheese sandwich burger pudding",
    carrot="radish turnip vegetable",
    lantern="candle torch bulb flame fire lighthouse beacon lightbulb campfire firefly_jar",
    umbrella="tent canopy",
    ball="marble moonball basketball globe pearl stone pebble orb egg sphere",
    book="letter map newspaper notebook scroll page",
    cup="glass bottle bowl pot kettle teapot jar vase tea",
    clock="hourglass timer compass pocketwatch",
    kite="flag banner",
    key="sword lock wand coin",
    gift="chest treasure bag suitcase basket package luggage",
    tree="bush pine palm willow maple birch sapling",
    flower="lily sunflower blossom orchid bouquet plant seed sprout poppy lotus",
    mushroom="fungus",
    girl=(
        "mother queen sister grandmother witch mermaid nurse ballerina dancer singer teacher aunt heroine bride "
        "she-wolf"
    ),
    man=(
        "grandfather brother wizard pirate knight sailor fisherman farmer soldier astronaut captain cook chef "
        "painter driver detective thief doctor hero uncle husband monk musician person friend artist traveller "
        "traveler hunter stranger villager merchant firefighter policeman samurai cowboy clown baker poet writer "
        "keeper warrior actor"
    ),
    robot="alien cyborg golem toy puppet",
    ghost="monster demon shadow skeleton zombie angel phantom vampire",
    snowman="scarecrow statue",
)

SETS = _table(
    meadow=(
        "meadow field grass garden park farm village countryside lawn pasture prairie hill hills hilltop valley "
        "yard orchard backyard fields grassland plain plains country"
    ),
    forest="forest woods wood jungle woodland trees thicket rainforest grove swamp wilderness",
    desert="desert dune dunes sahara savanna savannah canyon wasteland",
    snowfield=(
        "snow snowfield snowy ice tundra arctic winter glacier antarctica snowdrift snowdrifts icy frozen frost "
        "north_pole south_pole blizzard_field"
    ),
    sea="sea ocean waves lake river harbor harbour bay pond water lagoon port stream tide",
    city=(
        "city street town road downtown skyscraper skyscrapers market alley rooftop rooftops avenue sidewalk "
        "highway traffic square metropolis streets bridge station airport crossroads boulevard"
    ),
    beach="beach shore coast island seaside sand bank dock pier shoreline",
    mountains="mountain mountains cliff cliffs peak peaks summit ridge alps volcano cave",
    underwater="underwater undersea seabed reef coral depths",
    space="space galaxy planet orbit universe cosmos moon mars asteroid nebula outer_space milky_way",
    room=(
        "room kitchen bedroom house home indoors inside library school office cabin attic hut living_room cottage "
        "shop bathroom classroom studio cellar basement workshop cafe restaurant bed table desk window"
    ),
    stage="stage theater theatre concert circus ballroom spotlight show opera arena",
)
SETS |= {name: name for name in vocabulary.SETS} | {"under the sea": "underwater", "under the water": "underwater"}
SETS |= {"under water": "underwater", "beneath the waves": "underwater", "bottom of the sea": "underwater"}

WEATHERS = _table(
    rain="rain rains raining rainy drizzle shower showers downpour rained",
    snow="snowing snows snowfall snowflakes snowflake blizzard snowstorm",
    fog="fog foggy mist misty haze hazy smoke",
    leaves="autumn windy wind breeze breezy gust gusts autumnal",
    storm="storm stormy thunder lightning thunderstorm hurricane tempest",
    clear="sunny cloudless sunshine",
)
WEATHERS |= {"snow falls": "snow", "snow is falling": "snow", "falling snow": "snow", "it snows": "snow"}
WEATHERS |= {"falling leaves": "leaves", "leaves fall": "leaves", "leaves blow": "leaves", "snow begins": "snow"}
WEATHERS |= {"rain falls": "rain", "snow starts": "snow", "leaves are falling": "leaves"}

LIGHTS = _table(
    night=(
        "night midnight moonlight moonlit starry stars dark darkness nighttime nightfall tonight starlight evening moon"
    ),
    sunset="sunset dusk twilight sundown dawn sunrise golden_hour daybreak",
    overcast="overcast cloudy gray_sky grey_sky gloomy dreary clouds",
    day="day daylight noon morning afternoon daytime midday",
)

PATTERNS = _table(
    striped="striped stripes stripy stripe tabby",
    spotted="spotted dotted speckled spots dots polka polka-dotted freckled",
    checked="checked checkered chequered plaid tartan checks",
)
ACCESSORIES = _table(
    hat="hat cap beanie tophat helmet",
    scarf="scarf shawl",
    glasses="glasses spectacles sunglasses goggles",
    bow="bow ribbon bowtie",
    crown="crown tiara crowned",
)
COLORS = _table(
    red="crimson scarlet ruby maroon",
    orange="amber ginger copper",
    yellow="golden gold blond blonde",
    green="emerald olive lime mint",
    blue="azure navy turquoise cyan teal",
    purple="violet lilac lavender magenta",
    pink="rosy",
    brown="chestnut tan beige bronze",
    white="ivory silver silvery pale snow-white",
    black="ebony grey gray charcoal",
)
COLORS |= {name: name for name in vocabulary.COLORS}
COLORS |= {"rainbow": "purple"}

SIZES = {
    **dict.fromkeys(("small", "little", "tiny", "baby", "young", "mini", "miniature"), 0.8),
    **dict.fromkeys(("big", "large", "huge", "giant", "enormous", "tall", "great", "mighty"), 1.25),
}

# What an actor does, by the base form of the verb: the motions of the scene, one after the other.
VERBS: dict[str, tuple[str, ...]] = {
    verb: tuple(motions.split())
    for motions, words in {
        "walk": (
            "walk wander stroll go travel march step tiptoe journey move cross follow come sail drive ride float "
            "glide swim crawl waddle creep sneak head approach pass carry bring push pull lead return explore search "
            "seek drift cruise row paddle trot slide hike roam climb leave enter visit deliver patrol graze take "
            "voyage stalk slither scuttle amble saunter navigate steer wade pace limp strut"
        ),
        "walk stand": (
            "find discover meet see spot notice arrive reach stop encounter pick collect receive get give knock open "
            "stumble join admire show"
        ),
        "run": (
            "run chase race hurry rush flee escape dash sprint gallop charge pursue hunt speed zoom scurry bolt "
            "hasten scamper dart catch fight attack"
        ),
        "jump": (
            "jump wake awaken leap hop bounce skip celebrate cheer play laugh rejoice prance pounce giggle "
            "frolic clap surprise"
        ),
        "fly": "fly soar hover swoop flutter ascend flap rise lift",
        "fall": "fall drop plunge descend land crash collapse sink dive plummet",
        "fall roll": "tumble trip slip topple",
        "roll": "roll somersault",
        "spin": "spin dance twirl whirl turn rotate pirouette swirl waltz",
        "grow": "grow bloom blossom expand swell appear sprout unfold inflate emerge brighten",
        "shrink": "shrink fade wither dwindle disappear vanish melt",
        "hide": "hide burrow dig bury crouch",
        "wave": (
            "wave greet beckon salute sing perform call bow welcome applaud shout speak talk say cry howl bark meow "
            "juggle conduct paint cook tell"
        ),
        "stand": (
            "stand wait sit rest sleep watch look stare gaze think listen stay dream read glow shine eat drink lie "
            "remain gather pause smile breathe cast sparkle twinkle live hold keep ponder wonder relax nap yawn doze "
            "hum burn light share hang write study"
        ),
    }.items()
    for verb in words.split()
    for name in words.replace("_", " ").split()
    for name in (name,)
}
VERBS |= {
    "take off": ("fly",),
    "lift off": ("fly",),
    "blast off": ("fly",),
    "look for": ("walk",),
    "say goodbye": ("wave",),
}

IRREGULAR = {
    **{"found": "find", "ran": "run", "flew": "fly", "flown": "fly", "fell": "fall", "fallen": "fall", "sang": "sing"},
    **{"swam": "swim", "rode": "ride", "went": "go", "came": "come", "saw": "see", "seen": "see", "met": "meet"},
    **{"took": "take", "gave": "give", "ate": "eat", "slept": "sleep", "woke": "wake", "sat": "sit", "stood": "stand"},
    **{"hid": "hide", "hidden": "hide", "grew": "grow", "grown": "grow", "shrank": "shrink", "drove": "drive"},
    **{"rose": "rise", "risen": "rise", "lit": "light", "held": "hold", "brought": "bring", "caught": "catch"},
    **{"spun": "spin", "leapt": "leap", "led": "lead", "crept": "creep", "dug": "dig", "fled": "flee", "left": "leave"},
    **{"sank": "sink", "told": "tell", "spoke": "speak", "said": "say", "shone": "shine", "dove": "dive", "lay": "lie"},
    **{"lying": "lie", "got": "get", "sought": "seek", "fought": "fight", "drank": "drink", "thought": "think"},
    **{"slid": "slide", "chose": "choose", "blew": "blow", "made": "make", "kept": "keep", "wrote": "write"},
    **{"mice": "mouse", "men": "man", "women": "woman", "children": "child", "wolves": "wolf", "geese": "goose"},
    **{"fishes": "fish", "leaves": "leaf", "people": "man", "boys": "boy", "calves": "calf", "oxen": "ox"},
}

CAMERA = {
    **dict.fromkeys(("zoom in", "zooms in", "push in", "dolly in", "closer", "zooming in"), "zoom_in"),
    **dict.fromkeys(("zoom out", "zooms out", "pull back", "pulls back", "dolly out", "wider"), "zoom_out"),
    **dict.fromkeys(("pan left", "pans left", "panning left"), "pan_left"),
    **dict.fromkeys(("pan right", "pans right", "pan", "pans", "panning", "pan across"), "pan_right"),
    **dict.fromkeys(("tracking shot", "camera follows", "follow shot", "the camera follows"), "follow"),
}
SHOT_SIZES = {
    **dict.fromkeys(("close up", "closeup", "close shot", "extreme close up"), "close"),
    **dict.fromkeys(("wide shot", "wide angle", "establishing shot", "long shot", "aerial shot"), "wide"),
    **dict.fromkeys(("medium shot", "mid shot"), "medium"),
}

MOODS = _table(
    joyful=(
        "happy joyful joy fun funny cheerful playful dance dances dancing party celebrates birthday laughs bright "
        "festival merry plays cute comedy"
    ),
    tense=(
        "chase chases chased escape escapes escaping flee flees hunt hunts danger dangerous storm stormy attack "
        "attacks thriller fast action race races racing fight fights urgent"
    ),
    mysterious=(
        "mysterious mystery night midnight dark ghost ghosts secret shadow shadows strange haunted eerie fog "
        "misty magic magical spooky noir"
    ),
    sad="sad lonely alone lost cries farewell goodbye melancholy tears dies grief misses sorrow abandoned",
    epic="epic heroic hero adventure rocket mountain mountains battle king dragon grand majestic universe galaxy",
    calm=(
        "calm quiet quietly peaceful gentle gently slow slowly sleep sleeps sleeping dream dreams snow soft still "
        "cosy cozy morning sunset lullaby"
    ),
)

NEAR_SETS = {
    "beach": ("desert", "sea", "meadow"),
    "mountains": ("snowfield", "forest", "meadow"),
    "underwater": ("sea",),
    "space": ("desert", "snowfield"),
    "room": ("city", "meadow"),
    "stage": ("city", "meadow"),
    "sea": ("beach", "underwater"),
    "forest": ("meadow",),
    "meadow": ("forest",),
    "desert": ("beach", "meadow"),
    "snowfield": ("mountains", "meadow"),
    "city": ("room", "meadow"),
}
NEAR_COLORS = {
    "brown": ("orange", "red"),
    "black": ("purple", "blue"),
    "white": ("yellow", "pink"),
    "pink": ("red", "purple"),
    "purple": ("blue", "pink"),
    "orange": ("red", "yellow"),
    "yellow": ("orange", "green"),
    "green": ("blue", "yellow"),
    "blue": ("purple", "green"),
    "red": ("orange", "pink"),
}
NEAR_LIGHTS = {"sunset": ("day",), "overcast": ("day",), "night": ("sunset", "overcast"), "day": ("overcast",)}
NEAR_MOTIONS = {
    "run": ("walk",),
    "fly": ("walk", "jump"),
    "roll": ("spin", "walk"),
    "shrink": ("fall", "stand"),
    "hide": ("stand", "fall"),
    "wave": ("jump", "stand"),
    "jump": ("walk",),
    "spin": ("jump", "walk"),
    "fall": ("jump", "stand"),
    "grow": ("stand", "jump"),
    "walk": ("run", "stand"),
    "stand": ("walk",),
}
HOMES = {  # where a kind is filmed when the brief names no place
    **dict.fromkeys(("fish", "whale", "octopus"), "underwater"),
    **dict.fromkeys(("boat", "duck"), "sea"),
    **dict.fromkeys(("penguin", "snowman"), "snowfield"),
    **dict.fromkeys(("car", "bus", "train", "man", "robot"), "city"),
    **dict.fromkeys(("owl", "bear", "mushroom", "tree", "ghost"), "forest"),
    **dict.fromkeys(("cup", "book", "clock", "cake", "gift", "key"), "room"),
    "cactus": "desert",
    "rocket": "space",
}
