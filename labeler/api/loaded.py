"""The models that requests are answered by: each is loaded once, and the one in use is followed as it changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.flows.label import Labelling, labelling
from labeler.judgements.forgotten import FILE as FORGOTTEN
from labeler.modelstore import ModelStore
from labeler.topics import load_scheme

_MOST_NAMED = 4  # models that are kept loaded beside the one in use
_PAUSE = 0.5  # seconds between two looks at the files
_AGAIN = 30.0  # seconds after which what could not be loaded is tried again, though no file has changed
Stamp = tuple[tuple[int, int, int] | None, ...]


class _Loaded(NamedTuple):
    """A model under the scheme and the judgements of some state of their files, and when it was last looked at."""

    identity: str
    stamp: Stamp
    job: Labelling
    seen: float


class LoadedModels:
    """The model in use (:meth:`of` without a label), and others that requests name. Several threads may use it.

    ``problem`` says why the files of the model in use, or the scheme, could not be taken up as they are now: then what
    was loaded before goes on. ``say`` is told of each change.

    Raises:
        LabelerError: the model in use, or the scheme, cannot be loaded.
    """

    def __init__(
        self, store: ModelStore, workspace: Workspace | None, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._store, self._workspace, self._say = store, workspace, say
        self._loading = threading.Lock()
        self._ended = threading.Event()
        self._failed: tuple[Stamp, float] | None = None
        self._named: dict[str, _Loaded] = {}
        self._current = self._load(None)
        self.problem: str | None = None

    @property
    def store(self) -> ModelStore:
        """The versions there are."""
        return self._store

    def of(self, label: str | None) -> Labelling:
        """The model of a label (``name[@version]``), or without one the model in use.

        Raises:
            LabelerError: there is no such model, or it is damaged.
        """
        return self._current.job if label is None else self._of_name(label)

    def refresh(self) -> None:
        """Take up the model in use, the scheme and the judgements as they are now, if their files have changed."""
        stamp, now = self._stamp(None), time.monotonic()
        if stamp == self._current.stamp:
            self.problem = self._failed = None
            return
        if self._failed and self._failed[0] == stamp and now - self._failed[1] < _AGAIN:
            return
        before = self._current.identity
        try:
            self._current = self._load(None)
        except LabelerError as error:
            self._failed = stamp, now
            if self.problem != str(error):
                self._say(f"The model stays {self._current.job.version.label}: {error}")
            self.problem = str(error)
            return
        self.problem = self._failed = None
        if self._current.identity != before:
            self._say(f"Papers are labelled by {self._current.job.version.label} now.")

    def follow(self) -> None:
        """Begin to look at the files now and then, in a thread of its own, until :meth:`end`."""
        threading.Thread(target=self._follow, daemon=True).start()

    def end(self) -> None:
        """Look at the files no longer."""
        self._ended.set()

    def _follow(self) -> None:
        while not self._ended.wait(_PAUSE):
            try:
                self.refresh()
            except Exception as error:  # whatever it is, what is loaded goes on, and the next look may be better
                self.problem = f"{type(error).__name__}: {error}"

    def _of_name(self, label: str) -> Labelling:
        known = self._named.get(label)
        if known and time.monotonic() - known.seen < _PAUSE:
            return known.job
        with self._loading:
            found = self._store.find(label)
            if known and (known.identity, known.stamp) == (found.identity, self._stamp(label)):
                loaded = known._replace(seen=time.monotonic())
            else:
                loaded = self._load(label)
            self._named.pop(label, None)
            self._named[label] = loaded
            for name in list(self._named)[:-_MOST_NAMED]:
                del self._named[name]
        return loaded.job

    def _load(self, label: str | None) -> _Loaded:
        stamp = self._stamp(label)
        if self._workspace is not None and self._workspace.topics.is_file():
            load_scheme(self._workspace.topics)  # one that cannot be read is no reason to give other topics
        job = labelling(self._store, label, self._workspace, in_memory=True)
        return _Loaded(job.version.identity, stamp, job, time.monotonic())

    def _stamp(self, label: str | None) -> Stamp:
        """The state of the files that a model, its scheme and what people said of papers come from."""
        if self._workspace is None:
            return ()
        models, annotations = self._workspace.models, self._workspace.topics.parent
        name, _, number = (label or self._store.current() or "").partition("@")
        paths = [self._workspace.topics, self._workspace.judgements, annotations / FORGOTTEN, models / "CURRENT"]
        if number:
            paths += [models / name / number / file for file in ("manifest.json", "weights.safetensors")]
        found: list[tuple[int, int, int] | None] = []
        for path in (*paths, self._workspace.settings_file):
            try:
                stat = path.stat()
            except OSError:
                found.append(None)
            else:
                found.append((stat.st_mtime_ns, stat.st_size, stat.st_ino))
        return tuple(found)
