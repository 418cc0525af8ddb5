"""Logging of the web server: what a secret could be in never reaches a log.

uvicorn's access log writes whole paths. Of `/c/…`, `/calendar/…` and `/hooks/NAME/…` only that much is kept,
and no query is: a search for a customer has their name or number in it.
"""

import json
import logging
import re
from typing import Any

_SLASH = r"(?:/|%2f)"
_SECRET_PATH = re.compile(rf"(?i)((?:/|%2f)+(?:c|calendar|hooks{_SLASH}+[^\s\"'?#/%]*){_SLASH})[^\s\"'?#]*")
_QUERY = re.compile(r"\?[^\s\"']*")
_PLAIN = re.compile(r"[\w.:+-]+")
HIDDEN = r"\1…"


def without_secrets(path: str) -> str:
    """A path as it may be logged: without a link's secret and without its query."""
    return _QUERY.sub("?…", _SECRET_PATH.sub(HIDDEN, path))


class WithoutSecrets(logging.Filter):
    """Takes the secrets of customers' links out of whatever is logged, in the message and in what is filled into it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, cleaned."""
        if isinstance(record.args, tuple):
            record.args = tuple(self._clean(value) for value in record.args)
        elif record.args:
            record.args = {key: self._clean(value) for key, value in record.args.items()}
        if isinstance(record.msg, str):
            record.msg = _SECRET_PATH.sub(HIDDEN, record.msg)
        return True

    def _clean(self, value: object) -> object:
        return without_secrets(value) if isinstance(value, str) and "/" in value else value


class WithFacts(logging.Formatter):
    """One line an event; what its `facts` say follows as `name=value`, for people and for log tools alike."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Values with spaces are quoted as JSON."""
        line = super().format(record)
        facts = getattr(record, "facts", None)
        if not facts:
            return line
        said = " ".join(f"{name}={_value(value)}" for name, value in facts.items() if value not in (None, ""))
        head, newline, rest = line.partition("\n")  # a traceback stays below
        return f"{head} {said}{newline}{rest}"


def _value(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def log_config(level: str = "info") -> dict[str, Any]:
    """For `uvicorn.run(log_config=…)`: one line an event on standard error, the same filter before every line."""
    level = level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_secrets": {"()": "mobile_api.logs.WithoutSecrets"}},
        "formatters": {
            "line": {"()": "mobile_api.logs.WithFacts", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]},
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "doorstep": {"handlers": ["stderr"], "level": level, "propagate": False},
            "uvicorn": {"handlers": ["stderr"], "level": level, "propagate": False},
            "uvicorn.error": {"level": level},
            "uvicorn.access": {"handlers": ["stderr"], "level": level, "propagate": False},
        },
    }
