"""A trial server on the office network: its authority can speak for nothing else, and its keys are nobody's."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from mobile_api.office.addresses import is_office_address, own_addresses
from mobile_api.office.certificates import office_certificate
from mobile_api.office.trusting import STEPS, trust_page

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HERE = ["192.168.3.7", "10.0.0.9"]


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("10.0.0.1", True), ("172.16.0.1", True), ("172.31.255.255", True), ("192.168.1.1", True), ("100.64.0.1", True),
        ("172.15.255.255", False), ("172.32.0.0", False), ("8.8.8.8", False), ("127.0.0.1", False), ("fe80::1", False),
        ("169.254.1.1", False), ("0.0.0.0", False), ("x", False), ("", False), ("10.0.0.1/8", False),
    ],
)  # fmt: skip
def test_only_private_addresses_are_of_the_office(text: str, office: bool) -> None:
    assert is_office_address(text) is office


def test_this_machines_addresses_are_all_private_and_each_named_once() -> None:
    found = own_addresses()
    assert all(is_office_address(one) for one in found)
    assert len(set(found)) == len(found)


def test_keys_are_readable_by_nobody_else_and_the_folder_neither(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    made = office_certificate(folder, HERE, NOW)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert (modes["authority.key"], modes["server.key"]) == (0o600, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"PRIVATE" not in made.authority.read_bytes() + made.chain.read_bytes()


def test_the_same_again_is_the_same_and_a_new_address_keeps_the_authority(tmp_path: Path) -> None:
    first = office_certificate(tmp_path, HERE, NOW)
    chain, authority = first.chain.read_bytes(), first.authority.read_bytes()
    office_certificate(tmp_path, HERE, NOW + timedelta(days=300))
    assert first.chain.read_bytes() == chain
    office_certificate(tmp_path, [*HERE, "10.1.1.1"], NOW)
    assert first.chain.read_bytes() != chain
    assert first.authority.read_bytes() == authority  # phones that trust it go on trusting
    renewed = first.chain.read_bytes()
    office_certificate(tmp_path, [*HERE, "10.1.1.1"], NOW + timedelta(days=365))
    assert first.chain.read_bytes() == renewed
    office_certificate(tmp_path, [*HERE, "10.1.1.1"], NOW + timedelta(days=366))
    assert first.chain.read_bytes() != renewed
    assert first.authority.read_bytes() == authority


def test_the_authority_is_bound_to_private_networks(tmp_path: Path) -> None:
    made = office_certificate(tmp_path, HERE, NOW)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    bound = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert bound.critical
    permitted = {str(one.value) for one in bound.value.permitted_subtrees or []}
    assert "localhost" in permitted
    assert not permitted & {"0.0.0.0/0", ""}
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    server = x509.load_pem_x509_certificates(made.chain.read_bytes())[0]
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=398)
    ssl.create_default_context(cafile=str(made.authority))  # what OpenSSL reads, phones read


def test_a_name_on_the_page_is_text_and_the_steps_speak_both_languages() -> None:
    page = trust_page("https://10.0.0.1:8443/<script>", "AA:BB")
    assert "<script>" not in page
    assert "AA BB" in page
    assert all(step.zh in page for step in STEPS)
