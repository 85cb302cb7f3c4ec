"""Which licences what labeler needs has: ``python -m tests.packaging.licences`` looks at the environment it runs in.

Tools of who develops it, which no user gets, are left out. labeler itself is under Apache-2.0; what it needs may be
under licences that allow as much, or, as with the MPL, ask for their own files to stay open. Names are those of SPDX;
older packages say it in words or by a classifier.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

from tests.packaging.environment import EXTRAS

ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT"),
    *("MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0", "TCL", "Unlicense", "Zlib"),
}
# What packages without an SPDX expression write, in lower case: in their field, or at the end of their classifier.
_WORDS = {
    **dict.fromkeys(["apache 2", "apache 2.0", "apache license 2.0", "apache software license"], "Apache-2.0"),
    **dict.fromkeys(["apache license version 2.0", "apache license, version 2.0", "apache"], "Apache-2.0"),
    **dict.fromkeys(
        ["bsd", "bsd license", "bsd-like", "new bsd", "3-clause bsd license", "bsd 3-clause"], "BSD-3-Clause"
    ),
    **dict.fromkeys(["mit license", "the mit license (mit)", "expat license"], "MIT"),
    **dict.fromkeys(["mozilla public license 2.0 (mpl 2.0)"], "MPL-2.0"),
    **dict.fromkeys(["isc license (iscl)", "isc license"], "ISC"),
    **dict.fromkeys(["python software foundation license", "psf"], "PSF-2.0"),
    **dict.fromkeys(["the unlicense (unlicense)"], "Unlicense"),
}
# Looked up by hand where the metadata name none, or do so in a way of their own.
_BY_HAND = {
    "label-studio-sdk": "Apache-2.0",  # the text of its file LICENSE
    "tqdm": "MPL-2.0 AND MIT",
}


def licence(package: Distribution) -> str:
    """The licence of an installed package as an SPDX expression; ``"?"`` and what it says where that is not known."""
    name = package.metadata["Name"].lower().replace("_", "-")
    if name in _BY_HAND:
        return _BY_HAND[name]
    if expression := package.metadata["License-Expression"]:
        return expression
    classifiers = package.metadata.get_all("Classifier") or []
    told = [
        line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: ") and line.count("::") > 1
    ]
    field = (package.metadata["License"] or "").strip().partition("\n")[0]
    for words in [*told, field]:
        if words in ALLOWED:
            return words
        if words.lower() in _WORDS:
            return _WORDS[words.lower()]
    return f"? {field[:60] or '; '.join(told)}".strip()


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression allows what is needed: of an ``OR`` one side, of an ``AND`` both."""
    words = re.sub(r"[()]", " ", expression).replace(" WITH LLVM-exception", "")
    return any(all(part.strip() in ALLOWED for part in re.split(r"\bAND\b", side)) for side in words.split(" OR "))


def refused(packages: Iterable[Distribution]) -> dict[str, str]:
    """The packages whose licence is not one of the allowed, each with what it says."""
    found = {package.metadata["Name"]: licence(package) for package in packages}
    return {name: said for name, said in sorted(found.items()) if not is_allowed(said)}


def needed_by(name: str, extras: Iterable[str] = ()) -> list[Distribution]:
    """The installed packages that ``name`` needs with these extras, and that those need, and ``name`` itself."""
    found, waiting = dict[tuple[str, str], Distribution](), [(name, extra) for extra in ("", *extras)]
    while waiting:
        package, extra = pair = waiting.pop()
        if pair in found:
            continue
        try:
            found[pair] = distribution(package)
        except PackageNotFoundError:  # an extra that is not installed
            continue
        for requirement in map(Requirement, found[pair].requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                waiting += [(requirement.name, wanted) for wanted in ("", *requirement.extras)]
    return list({package.metadata["Name"]: package for package in found.values()}.values())


def main() -> int:
    """Print what each package that labeler needs is under, and return 1 where one is not allowed."""
    packages = needed_by("labeler", EXTRAS)
    for name, said in sorted((package.metadata["Name"], licence(package)) for package in packages):
        print(f"{name:<32} {said}")
    faulty = refused(packages)
    for name, said in faulty.items():
        print(f"not in the list of allowed licences: {name} ({said})", file=sys.stderr)
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
