"""The topic scheme: what topics there are, in which mode, and whether the scheme is sound."""

from labeler.topics.faults import Fault, faults, sound_scheme
from labeler.topics.scheme import NONE_OF_THESE, Scheme, Topic, load_scheme

__all__ = ["NONE_OF_THESE", "Fault", "Scheme", "Topic", "faults", "load_scheme", "sound_scheme"]
