"""Verifying with everything that the server knows: keys, the ledger, the kept documents, and later corrections."""

from dispatch.house import House
from dispatch.records.keys import keyring_of
from dispatch.records.ledger import sealed_as
from dispatch.records.queries import corrected_by, known_document
from dispatch.records.signing.verify import Verdict, verify_file


def verify_document(house: House, content: bytes) -> Verdict:
    """Judge a file against our keys and what we keep under its number. Never raises for any bytes."""

    def kept_hash(number: str) -> str | None:
        with house.database.reading() as session:
            known = known_document(session, number)
            written_down = sealed_as(session, "document", number)
        if known is None or known[1] is None:
            return written_down
        # A row that is not what the ledger holds was changed: no file can be what was sealed then.
        return known[1].sha256 if known[1].sha256 == written_down else ""

    def superseded_by(number: str) -> str | None:
        with house.database.reading() as session:
            return corrected_by(session, number)

    return verify_file(content, keyring_of(house.settings), kept_hash, superseded_by)
