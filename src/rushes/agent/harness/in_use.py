"""The version in use, as a session needs it: a policy, tools, texts. Where it crashes the last good one takes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rushes.agent.context.entry import Entry
from rushes.agent.context.select import Policy
from rushes.agent.harness.archive import Archive
from rushes.agent.harness.new_tool import with_version
from rushes.agent.harness.policy import POLICIES, Policies, SandboxedPolicy, make_policy
from rushes.agent.harness.sandbox import SandboxError
from rushes.agent.harness.version import HarnessVersion, VersionError
from rushes.agent.tool import Tool


class HarnessInUse:
    """`told` hears, in a sentence, that a version crashed and which one took over. Is itself a `Policy`."""

    name = "harness"

    def __init__(
        self, archive: Archive, *, policies: Policies = POLICIES, told: Callable[[str], None] = lambda text: None
    ) -> None:
        self.archive = archive
        self._policies = policies
        self._told = told
        self._made_for = ""  # hash of the version that `_policy` was made for
        self._policy: Policy[Entry] | None = None

    @property
    def version(self) -> HarnessVersion:
        return self.archive.current()

    @property
    def by_query(self) -> bool:
        """Whether another question makes another choice."""
        return bool(getattr(self._policy, "by_query", False))

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        """What the current version's policy keeps; after a crash, what the last good one's keeps. Raises ArchiveError
        where the first version itself crashes."""
        version = self.version
        while True:
            try:
                return self._current_policy(version).select(slots, budget, query=query)
            except (SandboxError, VersionError) as error:
                version = self._crashed(version, f"policy {version.policy.name}: {error}")

    def tools(self, tools: Sequence[Tool]) -> list[Tool]:
        """The tools as the current version has them. A tool whose source crashes says which version is back; it is
        gone when tools are asked for again."""
        version = self.version

        def crashed(error: SandboxError) -> str:
            back = self._crashed(version, str(error))
            return f"{error}; version {version.short} crashed and {back.short} is back: go on without this tool"

        return with_version(version, tools, crashed=crashed)

    def close(self) -> None:
        if isinstance(self._policy, SandboxedPolicy):
            self._policy.close()
        self._policy, self._made_for = None, ""

    def _current_policy(self, version: HarnessVersion) -> Policy[Entry]:
        if self._policy is None or self._made_for != version.hash:
            self.close()
            self._policy, self._made_for = make_policy(version, self._policies), version.hash
        return self._policy

    def _crashed(self, version: HarnessVersion, why: str) -> HarnessVersion:
        self.close()
        back = self.archive.restore(version, why=f"it crashed in use: {why}")
        self._told(f"version {version.short} of the harness crashed ({why}); {back.short} is back")
        return back
