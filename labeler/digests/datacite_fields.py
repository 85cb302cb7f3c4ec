"""What a record of DataCite in XML says: https://datacite-metadata-schema.readthedocs.io."""

from __future__ import annotations

from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.xml import Element
from labeler.digests.xml_markup import child, children, text_at, text_of


def datacite_fields(element: Element) -> dict[str, Any]:
    """The fields of an element ``resource``, or of one that has it inside."""
    resource = next(iter(element.iter("{*}resource")), element)
    described = children(child(resource, "descriptions"), "description")
    abstracts = [one for one in described if one.get("descriptionType") == "Abstract"] or described
    dates = {one.get("dateType"): text_of(one) for one in children(child(resource, "dates"), "date")}
    creators = children(child(resource, "creators"), "creator")
    identifier = child(resource, "identifier")
    is_doi = identifier is not None and (identifier.get("identifierType") or "").upper() == "DOI"
    return {
        "title": text_at(resource, "titles", "title"),
        "abstract": text_of(abstracts[0]) if abstracts else "",
        "authors": [name for one in creators if (name := text_at(one, "creatorName"))],
        "date": dates.get("Issued") or dates.get("Created") or text_at(resource, "publicationYear"),
        "language": text_at(resource, "language"),
        "keywords": [text_of(one).strip() for one in children(child(resource, "subjects"), "subject")],
        **identifiers_among([f"doi:{text_of(identifier).strip()}" if is_doi else text_of(identifier).strip()]),
    }
