"""Messages as files in a folder: the default, for trials. A file is written whole or not at all."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from checklists.words import Words
from dispatch.notices.channels.letters import NotAnAddress, Sender, letter, mailbox
from dispatch.notices.channels.protocol import Heard, Incoming, Medium, Message, Outcome, Sent, Unsigned
from dispatch.notices.channels.smtp import sender_of
from dispatch.settings import Settings


class FilesChannel:
    """Writes an SMS as `NOTICE.json` and a mail as `NOTICE.eml`, synced to disk before it counts as accepted."""

    name = "files"
    takes_replies = False

    def __init__(self, folder: Path, medium: Medium = "sms", sender: Sender | None = None) -> None:
        self.folder = folder
        self.medium = medium
        if medium == "mail":
            self.name = f"mail-{self.name}"  # each is counted and paused by itself
        self._sender = sender or Sender(Words("装维上门", "Doorstep"), mailbox("doorstep@localhost"))
        self._ending = "eml" if medium == "mail" else "json"
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, message: Message) -> Outcome:
        """Write the file."""
        try:
            content = self._mail(message) if self.medium == "mail" else _short_message(message)
        except NotAnAddress as problem:
            return Outcome("refused", str(problem))
        fresh = self.folder / f".{message.notice_id}.{os.getpid()}"
        try:
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(self._path(message.notice_id))
        except OSError as error:
            return Outcome("busy", f"folder: {error.strerror}")
        return Outcome("accepted")

    def _mail(self, message: Message) -> bytes:
        return letter(message, mailbox(message.to), self._sender, datetime.now(UTC)).as_bytes()

    def _path(self, notice_id: str) -> Path:
        return self.folder / f"{notice_id}.{self._ending}"

    def ask(self, sent: Sent) -> Outcome:
        """A file is there or it is not."""
        return Outcome("accepted" if self._path(sent.notice_id).exists() else "never_seen")

    def read(self, incoming: Incoming) -> Heard:
        """Files tell nothing."""
        raise Unsigned


def _short_message(message: Message) -> bytes:
    content = {
        "id": message.notice_id,
        "to": message.to,
        "text": message.text,
        "at": datetime.now(UTC).isoformat(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def opened(settings: Settings, medium: Medium = "sms") -> FilesChannel:
    """The folder `messages` beside the data."""
    sender = sender_of(settings)
    return FilesChannel(settings.data_dir / "messages", medium, sender)
