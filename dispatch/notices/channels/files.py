"""Messages as files in a folder: the default, for trials. A file is written whole or not at all."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from dispatch.notices.channels.protocol import Heard, Incoming, Medium, Message, Outcome, Sent, Unsigned


class FilesChannel:
    """Writes `NOTICE.json`, synced to disk before it counts as accepted."""

    name = "files"
    takes_replies = False

    def __init__(self, folder: Path, medium: Medium = "sms") -> None:
        self.folder = folder
        self.medium = medium
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, message: Message) -> Outcome:
        """Write the file."""
        target = self.folder / f"{message.notice_id}.json"
        fresh = self.folder / f".{message.notice_id}.{os.getpid()}"
        content = {
            "id": message.notice_id,
            "to": message.to,
            "text": message.text,
            "at": datetime.now(UTC).isoformat(),
        }
        try:
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(target)
        except OSError as error:
            return Outcome("busy", f"folder: {error.strerror}")
        return Outcome("accepted")

    def ask(self, sent: Sent) -> Outcome:
        """A file is there or it is not."""
        return Outcome("accepted" if (self.folder / f"{sent.notice_id}.json").exists() else "never_seen")

    def read(self, incoming: Incoming) -> Heard:
        """Files tell nothing."""
        raise Unsigned
