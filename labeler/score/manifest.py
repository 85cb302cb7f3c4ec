"""The manifest of a model version: what it is, what it was trained on, and how good it is, in one typed record.

It is ``manifest.json`` in the version's folder. ``protocol`` is the version of the file format. Models of
every protocol but the first can be loaded:

1. ``weights.npz`` and ``terms.txt``, SHA-256 of each file; a title counted once.
2. The same files; a title counts twice.
3. ``weights.safetensors``, CRC-32 of each file; words are found by hash tables of 64-bit slots.
4. The same, with perfect hash tables.
5. The same; of each file the CRC-32, which is checked whenever a model is loaded, and the SHA-256.
6. The same; ``tokenizer`` says what the words of texts are. Before, they were those of ``Tokenizer.WORDS``.
   The weights may say which papers were held out, in which folds; earlier programs of this protocol pass that over.
7. The same, with one ``tokenizer`` more: ``Tokenizer.FOLDED``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from labeler.annotators.choice import Choice
from labeler.config import Settings
from labeler.errors import NotFoundError, RefusedError
from labeler.features.terms import NEWEST, Tokenizer
from labeler.files import canonical_json, regular_bytes, sha256
from labeler.json_parsing import parse_json
from labeler.measure.figures import Bands, Figures, precision_of
from labeler.score.lineage import Lineage
from labeler.topics import Mode, Scheme
from labeler.wording import counted

MANIFEST = "manifest.json"
PROTOCOL = 7  # raised when the files change so that older programs cannot read them
_WITH_SHA256, _WITH_CRC32 = (1, 2), (3, 4)
_FIRST_WITH_TOKENIZER = 6
_PRECISION = Settings().train_precision
_NOISY = "Many labels are contradicted; papers count as far as their labels are probably right (`labeler suspects`)."


class Checksums(NamedTuple):
    """The checksums of a file, in hexadecimal; one that the manifest does not have is empty."""

    crc32: str = ""
    sha256: str = ""


class Background(NamedTuple):
    """The background that a model was trained with: its name, the number of papers it was built from, and its hash."""

    name: str
    papers: int
    sha256: str


class Tables(NamedTuple):
    """The tables that a model was trained on.

    ``column`` names the topics. ``complete`` says that a topic that is not named is a no. ``files`` holds the name and
    the SHA-256 of each file. ``separator`` stood between the topics of a cell; it is empty where that was guessed.
    """

    column: str
    complete: bool
    files: tuple[tuple[str, str], ...]
    separator: str = ""


class TrainingState(NamedTuple):
    """Everything that a training depends on: two trainings with equal states give the same model.

    ``judgements`` and ``unlabeled`` are hashes, ``labeler`` is the version of the program. ``evaluation_set`` is a hash
    of the papers that were kept apart, and ``soft_labels`` one of those of other models; empty where there are none.
    """

    judgements: str
    unlabeled: str
    tables: Tables | None
    background: Background
    scheme: Scheme
    labeler: str
    evaluation_set: str = ""
    soft_labels: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it."""
        tables = self.tables._asdict() | {"files": [list(file) for file in self.tables.files]} if self.tables else None
        return {
            "judgements": self.judgements,
            "unread": self.unlabeled,
            "tables": tables,
            "background": self.background._asdict(),
            "scheme": self.scheme.to_dict(),
            "labeler": self.labeler,
            **({"kept_apart": self.evaluation_set} if self.evaluation_set else {}),
            **({"soft_labels": self.soft_labels} if self.soft_labels else {}),
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        tables, background = record.get("tables"), record["background"]
        return cls(
            str(record["judgements"]),
            str(record["unread"]),
            _tables_of(tables) if tables else None,
            Background(str(background["name"]), int(background["papers"]), str(background["sha256"])),
            Scheme.from_dict(record["scheme"]),
            str(record["labeler"]),
            str(record.get("kept_apart", "")),
            str(record.get("soft_labels", "")),
        )


class Parameters(NamedTuple):
    """How a model was fitted: the promised ``precision``, and the ``recipe`` that model selection chose.

    ``candidates`` holds the recipes that were compared, each with its score in cross-validation. ``background`` is the
    name of the background, ``unlabeled`` the number of papers without a judgement that were learned from.
    ``soft_labels`` has the number of papers that each other model labelled, and ``soft_labels_left_out`` that of models
    whose soft labels were not learned from. ``keywords`` says whether keywords of topics were learned from.
    ``consensus`` is whose answer counted; with ``noisy_labels``, papers did as far as their labels are probably right.
    """

    precision: float = _PRECISION
    recipe: str = ""
    candidates: Mapping[str, float] = MappingProxyType({})
    background: str = ""
    unlabeled: int = 0
    soft_labels: Mapping[str, int] = MappingProxyType({})
    soft_labels_left_out: Mapping[str, int] = MappingProxyType({})
    keywords: bool = False
    consensus: Choice = Choice()
    noisy_labels: bool = False

    @property
    def soft_labels_sentence(self) -> str:
        """Which soft labels were learned from, or left out, in words; empty where there were none."""
        if self.soft_labels:
            return f"Learned from soft labels of {_models(self.soft_labels)}, too."
        if not self.soft_labels_left_out:
            return ""
        left_out = _models(self.soft_labels_left_out)
        return f"Soft labels of {left_out} were left out: beside this many judged papers they are not learned from."

    @property
    def sentences(self) -> tuple[str, str, str]:
        """Whose answer counted, how labels were weighed, which soft labels were used; empty where nothing is to say."""
        return self.consensus.sentence, _NOISY if self.noisy_labels else "", self.soft_labels_sentence

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it: without a recipe, the precision alone."""
        consensus = {"consensus": self.consensus.to_dict()} if self.consensus.papers else {}
        if not self.recipe:
            return {"precision": self.precision, **consensus}
        return {
            "recipe": self.recipe,
            "candidates": dict(self.candidates),
            "background": self.background,
            "unread": self.unlabeled,
            **({"soft_labels": dict(self.soft_labels)} if self.soft_labels else {}),
            **({"soft_labels_left_out": dict(self.soft_labels_left_out)} if self.soft_labels_left_out else {}),
            **{name: True for name in ("keywords", "noisy_labels") if getattr(self, name)},
            **consensus,
            "precision": self.precision,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; missing keys take the defaults."""
        return cls(
            precision_of(record.get("precision", _PRECISION)),
            str(record.get("recipe", "")),
            {str(name): float(figure) for name, figure in record.get("candidates", {}).items()},
            str(record.get("background", "")),
            int(record.get("unread", 0)),
            _papers_by_model(record.get("soft_labels", {})),
            _papers_by_model(record.get("soft_labels_left_out", {})),
            bool(record.get("keywords")),
            Choice.from_dict(record["consensus"]) if "consensus" in record else Choice(),
            bool(record.get("noisy_labels")),
        )


def _papers_by_model(record: Mapping[str, Any]) -> dict[str, int]:
    return {str(model): int(papers) for model, papers in record.items()}


class TrainingRecord(NamedTuple):
    """How a model was trained, and what was measured of it.

    ``scheme`` names the topics. Without a ``state`` the version never equals a new training, so that it is always
    trained again. ``lineage`` is None where it is not known, as in versions of earlier programs. ``forgotten`` has the
    keys of what was forgotten before (:attr:`labeler.judgements.forgotten.Tombstone.key`), of which it knows nothing.
    ``annotators`` are the hashes of those who are in the log that it learned from; None where that is not known.
    """

    parameters: Parameters = Parameters()
    figures: Figures = Figures()
    scheme: Scheme | None = None
    state: TrainingState | None = None
    lineage: Lineage | None = None
    forgotten: tuple[str, ...] = ()
    annotators: tuple[str, ...] | None = None


class Manifest(NamedTuple):
    """The record of a model version.

    ``form`` is the form of topics that the model predicts in, ``with_none`` says whether it has a column for "none of
    these", and ``tokenizer`` what the words of texts are. ``unlearned`` says why topics could not be learned.
    ``libraries`` holds the versions of the libraries that it was trained with, ``files`` the checksums of the version's
    other files. ``parents`` maps a topic to the one above it. ``thresholds`` are the probabilities from which topics
    are given in multi mode; empty in single mode, and where the manifest does not have them.
    """

    created: str
    mode: Mode
    form: str
    topics: tuple[str, ...]
    with_none: bool
    unlearned: Mapping[str, str]
    libraries: Mapping[str, str]
    files: Mapping[str, Checksums]
    bands: Bands | None
    training: TrainingRecord = TrainingRecord()
    name: str = ""
    version: int = 0
    protocol: int = PROTOCOL
    tokenizer: Tokenizer = NEWEST
    parents: Mapping[str, str] = MappingProxyType({})
    thresholds: Mapping[str, float] = MappingProxyType({})

    @property
    def fingerprint(self) -> str:
        """What tells a model from all others, whatever they are called: a hash of its files, topics and precision.

        Names and numbers of versions are given again, as in another clone, or after ``models/`` was lost.
        """
        files = sorted([name, sums.sha256 or sums.crc32] for name, sums in self.files.items())
        key = [files, list(self.topics), str(self.mode), self.training.parameters.precision]
        return sha256(canonical_json(key).encode())[:16]

    @property
    def names(self) -> dict[str, str]:
        """Topic id → name in the scheme at training; the id itself where the model was saved without a scheme."""
        scheme = self.training.scheme
        return {topic: topic for topic in self.topics} | {
            topic.id: topic.name for topic in (scheme.topics if scheme else ())
        }

    def to_dict(self) -> dict[str, Any]:
        """The manifest as its JSON file holds it; what is not known is left out."""
        training = self.training
        scheme = training.state.to_dict() if training.state else {}
        if training.scheme and not training.state:
            scheme = {"scheme": training.scheme.to_dict()}
        return {
            "protocol": self.protocol,
            "created": self.created,
            **({"bands": self.bands.to_dict()} if self.bands else {}),
            **({"name": self.name, "version": self.version} if self.name else {}),
            **scheme,
            **(training.lineage.to_dict() if training.lineage else {}),
            **({"forgotten": list(training.forgotten)} if training.forgotten else {}),
            **({} if training.annotators is None else {"annotators": list(training.annotators)}),
            "parameters": training.parameters.to_dict(),
            **training.figures.to_dict(),
            "mode": str(self.mode),
            "form": self.form,
            **({"tokenizer": str(self.tokenizer)} if self.protocol >= _FIRST_WITH_TOKENIZER else {}),
            "topics": list(self.topics),
            "with_none": self.with_none,
            **({"parents": dict(self.parents)} if self.parents else {}),
            **({"thresholds": dict(self.thresholds)} if self.thresholds else {}),
            "unlearned": dict(self.unlearned),
            "libraries": dict(self.libraries),
            "files": {name: _checksum_record(sums, self.protocol) for name, sums in self.files.items()},
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`, for every protocol.

        Raises:
            LookupError, TypeError, ValueError, AttributeError: the record is damaged.
        """
        protocol = int(record["protocol"])
        state = TrainingState.from_dict(record) if "judgements" in record else None
        scheme = state.scheme if state else Scheme.from_dict(record["scheme"]) if "scheme" in record else None
        return cls(
            created=str(record["created"]),
            mode=Mode(record["mode"]),
            form=str(record["form"]),
            topics=tuple(map(str, record["topics"])),
            with_none=bool(record["with_none"]),
            unlearned={str(topic): str(why) for topic, why in record["unlearned"].items()},
            libraries={str(name): str(version) for name, version in record["libraries"].items()},
            files={str(name): _checksums_of(sums, protocol) for name, sums in record["files"].items()},
            bands=Bands.from_dict(record["bands"]) if "bands" in record else None,
            training=TrainingRecord(
                Parameters.from_dict(record.get("parameters", {})),
                Figures.from_dict(record),
                scheme,
                state,
                Lineage.from_dict(record) if "seed" in record else None,
                tuple(map(str, record.get("forgotten", ()))),
                tuple(map(str, record["annotators"])) if "annotators" in record else None,
            ),
            name=str(record.get("name", "")),
            version=int(record.get("version", 0)),
            protocol=protocol,
            tokenizer=Tokenizer(record["tokenizer"]) if protocol >= _FIRST_WITH_TOKENIZER else Tokenizer.WORDS,
            parents={str(topic): str(above) for topic, above in record.get("parents", {}).items()},
            thresholds={str(topic): float(least) for topic, least in record.get("thresholds", {}).items()},
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the model version in a folder.

    Raises:
        NotFoundError: there is no model.
        RefusedError: the manifest is damaged, or of a newer protocol.
    """
    path = folder / MANIFEST
    try:
        record = parse_json(regular_bytes(path))
        protocol = int(record["protocol"])
        if protocol > PROTOCOL:
            raise RefusedError(f"the model in {folder} was made by a newer labeler", "update labeler")
        return Manifest.from_dict(record)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError(f"there is no model in {folder}", "train one with `labeler train`") from error
    except (OSError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise RefusedError(f"{path} is damaged", "train again, or restore the folder") from error


def _models(soft_labels: Mapping[str, int]) -> str:
    return ", ".join(f"{model} ({counted(papers, 'paper')})" for model, papers in soft_labels.items())


def _tables_of(record: Mapping[str, Any]) -> Tables:
    files = tuple((str(name), str(sha256)) for name, sha256 in record["files"])
    return Tables(str(record["column"]), bool(record["complete"]), files, str(record.get("separator", "")))


def _checksum_record(sums: Checksums, protocol: int) -> str | dict[str, str]:
    if protocol in _WITH_SHA256:
        return sums.sha256
    return sums.crc32 if protocol in _WITH_CRC32 else sums._asdict()


def _checksums_of(record: Any, protocol: int) -> Checksums:
    if protocol in _WITH_SHA256:
        return Checksums(sha256=str(record))
    return Checksums(crc32=str(record)) if protocol in _WITH_CRC32 else Checksums(record["crc32"], record["sha256"])
