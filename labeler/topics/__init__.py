"""The topic scheme: what topics there are, in which mode, and whether the scheme is sound."""

from labeler.topics.faults import Fault, faults, sound_scheme
from labeler.topics.mode import Mode
from labeler.topics.scheme import NONE_OF_THESE, Scheme, Topic, load_scheme

__all__ = ["NONE_OF_THESE", "Fault", "Mode", "Scheme", "Topic", "faults", "load_scheme", "sound_scheme"]
