"""How the map of fields that comes with labeler is made."""
