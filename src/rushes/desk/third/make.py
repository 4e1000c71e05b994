"""Making a film from words, third wording."""

MAKE: dict[str, tuple[str, ...]] = {
    "make-length-0": (
        "hey! quick one: {article} {color} {kind} {doing[0]} {places[0]}. The slot is {seconds:g} seconds on the "
        "nose, so the film can't be a frame over or under.",
    ),
    "make-length-1": (
        "Could you do me a little film in two parts? We open on {article} {color} {kind} {doing[0]} {places[0]}, and "
        "after that the {kind}, still {color}, is {doing[1]} {places[1]}. All in all {seconds:spoken}, exactly.",
    ),
    "make-length-2": (
        "My daughter is mad about {kind}s, so: {article} {color} {kind} {doing[0]} {places[0]}, next the same one "
        "{doing[1]} {places[1]}. Please make it run {seconds:g} s to the frame, it has to fit a gap in our slideshow.",
    ),
    "make-shape-0": (
        "For our Stories we'd love {article} {color} {kind} {doing[0]} {places[0]}. Tall format ({aspect}), "
        "{seconds:spoken}.",
    ),
    "make-shape-1": ("{seconds:g} secs, {aspect}, {article} {color} {kind} {doing[0]} {places[0]}. cheers",),
    "make-shots-0": (
        "Two shots, {seconds:g}s total: {article} {color} {kind} {doing[0]} {places[0]}; cut to the same {kind} "
        "{doing[1]} {places[1]}.",
    ),
    "make-shots-1": (
        "I would like to tell a small story with {article} {color} {kind}: first we see it {doing[0]} {places[0]}, "
        "then it is {doing[1]} {places[1]}, and at last it is {doing[2]} {places[2]}. It should be three shots, no "
        "more and no fewer, and {seconds:spoken} altogether.",
    ),
    "make-shots-2": (
        "We're after a {seconds:g}-second piece with {many} shots in it. It's always {article} {color} {kind} "
        "{doing[0]}, only the place changes: {places[0]}, {places[1]}, {places[2]}, and to finish {places[3]}.",
    ),
    "make-lead-0": (
        "It's all about one character, {article} {color} {kind}, and people must recognise it each time, so we need "
        "the very same {kind} in all three shots. Start with it {doing[0]} {places[0]}, continue {places[1]} and end "
        "{places[2]}. {seconds:g} seconds in total, please.",
    ),
    "make-lead-1": (
        "Three shots, one hero. The hero is {article} {color} {kind}, and it mustn't turn into a different {kind} "
        "halfway! We meet it {doing[0]} {places[0]}, next time it's {places[1]}, and the last shot has it "
        "{places[2]}. Running time {seconds:short}.",
    ),
    "make-lead-2": (
        "Can I get a short film, {seconds:spoken}, of {article} {color} {kind}? Shot 1 it's {doing[0]} {places[0]}, "
        "shot 2 it's {places[1]}, shot 3 it's {places[2]}. That makes {many} shots of one and the same {color} "
        "{kind}, please don't let its looks change.",
    ),
}
