"""Where tests find what is not in the repository; tests that need it are skipped where it is missing."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LABELER_SHARED", ROOT.parent / "shared"))
DIGESTS = SHARED / "digests"
DATA = SHARED / "data"
STUDIO = SHARED / "labelstudio"
SAMPLES = ROOT / "annotations" / "samples"
