"""How a phone comes to trust the trial server: a page over plain http with the authority's certificate, and words.

What is given out here is public. Whoever installs it compares the fingerprint with what the console says: on a network
with a stranger in it, plain http could bring another certificate.
"""

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from checklists.words import Words

CERTIFICATE = "/doorstep-office.crt"
STEPS = (
    Words(
        "安卓：下载证书，打开“设置 → 安全 → 更多安全设置 → 加密与凭据 → 安装证书 → CA 证书”，选择下载的文件。",
        "Android: download the certificate; Settings → Security → Encryption & credentials → Install a certificate → "
        "CA certificate; choose the file.",
    ),
    Words(
        "iPhone：用 Safari 下载证书，打开“设置 → 已下载描述文件”安装，再到“通用 → 关于本机 → 证书信任设置”中打开开关。",
        "iPhone: download it in Safari; Settings → Profile Downloaded → Install; then General → About → Certificate "
        "Trust Settings, and switch it on.",
    ),
    Words(
        "安装前请核对指纹与电脑上显示的一致；试用结束后请在手机上删除该证书。",
        "Compare the fingerprint with the one on the computer first. Remove the certificate from the phone when the "
        "trial is over.",
    ),
)


def trust_page(address: str, fingerprint: str) -> str:
    """The page that a phone opens first."""
    steps = "".join(f"<li>{html.escape(one.zh)}<br><small>{html.escape(one.en)}</small></li>" for one in STEPS)
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>装维上门 Doorstep</title>'
        '<meta name="viewport" content="width=device-width"><h1>让这部手机信任试用服务器</h1>'
        "<p><small>Let this phone trust the trial server</small></p>"
        f'<p><a href="{CERTIFICATE}">下载证书 Download the certificate</a></p><ol>{steps}</ol>'
        f"<p>指纹 SHA-256 fingerprint:<br><code>{' '.join(fingerprint.split(':'))}</code></p>"
        f'<p><a href="{html.escape(address)}">然后打开 Then open {html.escape(address)}</a></p></html>'
    )


def give_out(host: str, port: int, address: str, certificate: bytes, fingerprint: str) -> ThreadingHTTPServer:
    """Serve the page and the certificate from a thread of this process until it ends. OSError: the port is taken."""
    page = trust_page(address, fingerprint).encode()
    answers = {"/": ("text/html; charset=utf-8", page), CERTIFICATE: ("application/x-x509-ca-cert", certificate)}

    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # seconds for one request; nobody holds a thread for longer

        def do_GET(self) -> None:
            kind, body = answers.get(self.path.split("?")[0], ("", b""))
            if not kind:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the console is for the operator."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="trust", daemon=True).start()
    return server
