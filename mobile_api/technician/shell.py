"""What the phone keeps of the app itself: the shell in both languages, its worker, its manifest. None of it holds data.

The worker's address never changes, so an old phone always finds its successor; its version is a hash over what it
keeps, so it changes exactly when something of that does.
"""

import hashlib
import json
from datetime import date
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from checklists.words import Language
from dispatch.settings import Settings
from mobile_api.pages import STATIC, asset, context_of, environment
from mobile_api.technician.screens import draw_screens
from mobile_api.technician.speaking import spoken_in

router = APIRouter(include_in_schema=False)

LANGUAGES: tuple[Language, ...] = ("zh", "en")
FILES = (
    "css/base.css",
    "css/lines.css",
    "css/phone.css",
    "icons/mark.svg",
    "js/confirm.js",
    "vendor/alpine/alpine-csp.esm.min.js",
    "vendor/idb/idb.js",
    "vendor/lean-qr/lean-qr.js",
    "vendor/pico/pico.min.css",
    "vendor/signature_pad/signature_pad.min.js",
)
WORKER = "js/phone/sw.js"


def draw_shell(request: Request, language: Language, **facts: Any) -> str:
    """The empty app: bars, signs and scripts. Who is signed in is left out on purpose."""
    settings: Settings = request.app.state.house.settings
    context = spoken_in(context_of(request, settings), language, settings)
    context |= {"viewer": None, "in_app": True, "is_shell": True, "zone": settings.time_zone}
    context |= facts
    return environment().get_template("technician/shell.html").render(context)


@lru_cache(maxsize=1)
def kept_files() -> tuple[str, ...]:
    """The static files that the app needs, by their path."""
    scripts = sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "js/phone").glob("*.js"))
    return (*FILES, *(path for path in scripts if path != WORKER))


@lru_cache(maxsize=4)
def _version_over(shells: str) -> str:
    digest = hashlib.sha256(shells.encode())
    for path in (*kept_files(), WORKER):
        digest.update(path.encode() + b"\0" + (STATIC / path).read_bytes())
    return digest.hexdigest()[:12]


def app_version(request: Request) -> str:
    """Twelve hex digits over the app's files and both shells."""
    nonce, today = request.state.csp_nonce, date.min  # neither a nonce nor the day makes another version
    shells = "".join(draw_shell(request, language, csp_nonce="", today=today) for language in LANGUAGES)
    shells += "".join(draw_screens(request, language) for language in LANGUAGES)
    return _version_over(shells.replace(nonce, ""))


@router.get("/t/sw.js")
def get_worker(request: Request) -> Response:
    """The worker. Browsers ask for it at every start, so it is never kept unchecked."""
    addresses = [asset(path) for path in kept_files()]
    addresses += [f"/t/{page}{language}" for page in ("", "screens/") for language in LANGUAGES]
    script = (STATIC / WORKER).read_text()
    script = script.replace('"VERSION"', json.dumps(app_version(request))).replace('"KEPT"', json.dumps(addresses))
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/t/app.webmanifest")
def get_manifest() -> Response:
    """What makes the app installable."""

    def icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
        where = asset(f"icons/{name}.png")
        return {"src": where, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}

    told = {
        "id": "/t/",
        "name": "装维上门 Doorstep",
        "short_name": "装维上门",
        "lang": "zh-CN",
        "start_url": "/t/",
        "scope": "/t/",
        "display": "standalone",
        "background_color": "#f4f1ea",
        "theme_color": "#10312e",
        "icons": [icon("icon-192", 192), icon("icon-512", 512), icon("icon-maskable-512", 512, "maskable")],
    }
    headers = {"Cache-Control": "no-cache"}
    return JSONResponse(told, headers=headers, media_type="application/manifest+json")


# WebKit sets pages aside when they are left, unless they may not be stored. A page set aside in the middle of a
# transaction keeps its locks on the phone's store, and the next page waits for them for ever: in one visit of three.
UNKEPT = {"Cache-Control": "no-store"}


@router.get("/t/zh")
def get_chinese_shell(request: Request) -> Response:
    """The shell in Chinese."""
    return Response(draw_shell(request, "zh"), media_type="text/html", headers=UNKEPT)


@router.get("/t/en")
def get_english_shell(request: Request) -> Response:
    """The shell in English."""
    return Response(draw_shell(request, "en"), media_type="text/html", headers=UNKEPT)
