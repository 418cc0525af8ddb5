"""Verifying with everything that the server knows: keys, and the hash of every document that it kept."""

from dispatch.house import House
from dispatch.records.keys import keyring_of
from dispatch.records.queries import known_document
from dispatch.records.signing.verify import Verdict, verify_file


def verify_document(house: House, content: bytes) -> Verdict:
    """Judge a file against our keys and the document that we keep under its number. Never raises for any bytes."""

    def kept_hash(number: str) -> str | None:
        with house.database.reading() as session:
            known = known_document(session, number)
        return known[1].sha256 if known and known[1] else None

    return verify_file(content, keyring_of(house.settings), kept_hash)
