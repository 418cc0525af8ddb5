"""What a secret could be in never reaches a log."""

import logging

import pytest

from mobile_api.logs import WithoutSecrets, log_config, without_secrets

SECRET = "Xtfn2Mi1MHD0uo_3WBSEVQXxuiX_0zc4"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (f"/c/{SECRET}", "/c/…"),
        (f"/c/{SECRET}?lang=en", "/c/…?…"),
        (f"//c/{SECRET}/", "//c/…"),
        (f"/C/{SECRET}", "/C/…"),
        (f"/c/x/{SECRET}", "/c/…"),
        (f"/c%2F{SECRET}", "/c%2F…"),
        (f"http://localhost/c/{SECRET}", "http://localhost/c/…"),
        ("/desk/visits?q=13800000001", "/desk/visits?…"),
        (f"/hooks/aliyun/{SECRET}", "/hooks/aliyun/…"),
        (f"/hooks/tencent/{SECRET}?x=1", "/hooks/tencent/…?…"),
        (f"//Hooks//aliyun/{SECRET}/more", "//Hooks//aliyun/…"),
        (f"/hooks%2Faliyun%2F{SECRET}", "/hooks%2Faliyun%2F…"),
        (f"http://localhost/hooks/aliyun/{SECRET}", "http://localhost/hooks/aliyun/…"),
        ("/hooks/sms", "/hooks/sms"),
        ("/v/AbC-12/record", "/v/AbC-12/record"),
        ("/static/css/base.css", "/static/css/base.css"),
    ],
)
def test_a_path_is_logged_without_its_secret(path: str, kept: str) -> None:
    assert without_secrets(path) == kept


def _line(message: str, *args: object) -> str:
    record = logging.LogRecord("uvicorn.access", logging.INFO, __file__, 1, message, args, None)
    assert WithoutSecrets().filter(record)
    return record.getMessage()


def test_a_line_of_the_access_log_keeps_everything_but_the_secret() -> None:
    said = _line('%s - "%s %s HTTP/%s" %d', "1.2.3.4:5", "GET", f"/c/{SECRET}", "1.1", 303)
    assert said == '1.2.3.4:5 - "GET /c/… HTTP/1.1" 303'


def test_a_secret_in_the_message_itself_is_taken_out_too() -> None:
    assert _line(f"cannot open /c/{SECRET} now") == "cannot open /c/… now"


def test_every_logger_of_the_server_writes_through_the_filter() -> None:
    config = log_config("debug")
    assert config["handlers"]["stderr"]["filters"] == ["without_secrets"]
    assert {name for name, made in config["loggers"].items() if made.get("propagate") is False} == {
        "doorstep",
        "uvicorn",
        "uvicorn.access",
    }
    assert all(handler in ("stderr",) for made in config["loggers"].values() for handler in made.get("handlers", []))
