"""A hostile campaign: labeler is killed, doubled, starved of room, and given damaged and absurd input."""
