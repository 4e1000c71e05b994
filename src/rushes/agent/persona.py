"""A context pack: whose manner the director reasons in, handed in as a JSON file (`--persona founder.json`).

    {"schema": "rushes/persona/1", "persona": {"name": "…", "role": "…", "manner": "…"},
     "first_principles": ["…"], "operating_questions": ["…"], "facts": ["…"]}

It goes into the static head of the model's context, so that it is there in every turn and costs a prefix cache nothing.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rushes.agent.context.entry import count_tokens

MOST_TOKENS = 2_000  # of a pack's words: it is billed in every turn
MOST_BYTES = 100_000  # of the file


class PersonaError(ValueError):
    """A context pack that can't be used; one line with the way out."""


class Who(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field("", max_length=200)
    role: str = Field("", max_length=400)
    manner: str = Field("", max_length=2_000)  # how they speak and decide


class Persona(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    version: Literal["rushes/persona/1"] = Field("rushes/persona/1", alias="schema")
    persona: str | Who  # who reasons, in words or in parts
    first_principles: list[str] = Field(default=[], max_length=40)  # what every decision is measured by
    operating_questions: list[str] = Field(default=[], max_length=40)  # asked before each big decision
    facts: list[str] = Field(default=[], max_length=100)  # what is known: of the brand, the audience, the house rules

    def words(self) -> str:
        """The pack as the model reads it."""
        who = self.persona
        if isinstance(who, Who):
            named = " ".join(part for part in (who.name and f"{who.name}.", who.role and f"{who.role}.") if part)
            who = f"{named} {who.manner}".strip()
        parts = [f"Reason as this person would, in the work and not in the tone alone: {who}"]
        for title, lines in (
            ("First principles", self.first_principles),
            ("Ask yourself before a decision", self.operating_questions),
            ("Known facts", self.facts),
        ):
            if lines:
                parts.append(f"{title}:\n" + "\n".join(f"- {' '.join(line.split())}" for line in lines))
        return "\n".join(parts)


def load_persona(path: Path | str) -> Persona:
    """Reads and checks a pack. Raises PersonaError naming the key, what it holds and what it may hold."""
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PersonaError(
                f"{path.name} has {path.stat().st_size} bytes, a persona at most {MOST_BYTES}; shorten it"
            )
        found = Persona.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PersonaError(f"the persona {path} can't be read: {error.strerror}; name a JSON file") from error
    except UnicodeDecodeError as error:
        raise PersonaError(f"{path.name} is not text in UTF-8; save it as such") from error
    except ValidationError as error:
        raise PersonaError(f"{path.name}: {_explain(error)}") from error
    who = found.persona
    if not (who.strip() if isinstance(who, str) else f"{who.name}{who.role}{who.manner}".strip()):
        raise PersonaError(f"{path.name}: 'persona' is empty; say in it who reasons")
    tokens = count_tokens(found.words())
    if tokens > MOST_TOKENS:
        raise PersonaError(f"{path.name} takes {tokens} tokens in every turn, at most {MOST_TOKENS}; shorten it")
    return found


WANTED = {  # by pydantic's name of the error
    "string_type": "give a text",
    "list_type": "give a list of texts",
    "literal_error": "it must be 'rushes/persona/1'",
    "dict_type": "give an object",
}


def _explain(error: ValidationError) -> str:
    first = max(error.errors(), key=lambda each: len(each["loc"]))  # of a person in words or in parts, what was meant
    where = ".".join(str(part) for part in first["loc"] if part not in ("str", "Who"))
    if first["type"] == "json_invalid":
        return f"it is not JSON ({first['msg']}); mend that place"
    if not where:
        return f"it holds no context pack; write an object with {', '.join(list(Persona.model_fields)[1:])}"
    if first["type"] == "missing":
        return f"{where!r} is missing; say in it who reasons"
    if first["type"] == "extra_forbidden":
        keys = [*Who.model_fields] if "." in where else ["schema", *list(Persona.model_fields)[1:]]
        near = difflib.get_close_matches(where.split(".")[-1], keys, n=1)
        return f"there is no key {where!r}; " + (f"did you mean {near[0]!r}" if near else f"it has {', '.join(keys)}")
    if where == "persona" and first["type"] in ("string_type", "model_type", "dict_type"):
        return f"'persona' is {str(first['input'])[:60]!r}; say who reasons, in a text or in name, role and manner"
    return f"{where!r} is {str(first['input'])[:60]!r}: {WANTED.get(first['type'], first['msg'])}"
