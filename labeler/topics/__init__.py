"""The topic scheme: its topics, its mode (multi-label or single-label), and a check for faults."""

from labeler.topics.faults import Fault, faults, load_checked_scheme
from labeler.topics.mode import Mode
from labeler.topics.scheme import NONE_OF_THESE, Scheme, Topic, load_scheme

__all__ = ["NONE_OF_THESE", "Fault", "Mode", "Scheme", "Topic", "faults", "load_checked_scheme", "load_scheme"]
