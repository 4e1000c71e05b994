"""A spoken text as a sound file, by a program that is installed on this machine: espeak-ng or piper."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from rushes.media.errors import MediaError, said_short
from rushes.media.files import replacing

LONGEST = 5000  # characters of one narration
PATIENCE = 300  # seconds that a program may take
INSTALL = (
    "no voice is installed; install one with `apt install espeak-ng`, or put piper on the PATH and name its voice in "
    "PIPER_VOICE=voice.onnx"
)


def find_voice(environment: Mapping[str, str] = os.environ) -> str:
    """The program that speaks, as a name for people and keys: piper with the voice that PIPER_VOICE names, else
    espeak-ng. Raises MediaError saying how to install one.
    """
    where, piper_voice = environment.get("PATH", ""), environment.get("PIPER_VOICE", "")
    if piper_voice and shutil.which("piper", path=where):
        return f"piper {Path(piper_voice).stem}"
    if shutil.which("espeak-ng", path=where):
        return "espeak-ng"
    raise MediaError(INSTALL)


def speak(
    text: str,
    out: Path,
    *,
    words_a_minute: int = 150,
    language: str = "en",
    environment: Mapping[str, str] = os.environ,
) -> Path:
    """Writes `text`, spoken, as a WAV file. language: of espeak-ng's voices, such as en, de, pt-br; piper's voice has
    its own. Raises MediaError without a program, for no words or too many, and for what the program says went wrong.
    """
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise MediaError(f"the narration has {len(said)} characters; give 1 to {LONGEST}")
    if not 60 <= words_a_minute <= 400:
        raise MediaError(f"{words_a_minute} words a minute; give 60 to 400")
    if not language.replace("-", "").isalnum():
        raise MediaError(f"language is {said_short(language)!r}; give a code such as en, de or pt-br")
    where = environment.get("PATH", "")
    with replacing(out) as temporary:
        if find_voice(environment).startswith("piper"):
            pace = f"{150 / words_a_minute:.3f}"
            command = ["piper", "--model", environment["PIPER_VOICE"], "--length_scale", pace]
            command += ["--output_file", str(temporary)]
        else:
            command = ["espeak-ng", "-v", language, "-s", str(words_a_minute), "--stdin", "-w", str(temporary)]
        command[0] = shutil.which(command[0], path=where) or command[0]
        _run(command, said, dict(environment))
        if not temporary.exists() or temporary.stat().st_size < 100:
            raise MediaError(f"{Path(command[0]).name} spoke nothing of {said_short(said, 40)!r}; give it words")
    return out


def _run(command: list[str], said: str, environment: dict[str, str]) -> None:
    # The words go in by standard input: on a command line they could be read as options.
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, input=said.encode(), capture_output=True, env=environment, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MediaError(f"{name} can't speak: {said_short(error)}; try it on the command line") from error
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        raise MediaError(f"{name} can't speak: {said_short(lines[-1])}; try it on the command line")
