"""What can be set from outside, and that it is documented."""

from pathlib import Path

import pytest

from rollbook.settings import PREFIX, SettingError, Settings, read_settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = [[cell.strip(" `") for cell in line.split("|")[1:3]] for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    defaults = Settings()

    assert [[PREFIX + name.upper(), str(getattr(defaults, name) or "none")] for name in Settings.__struct_fields__] == rows


def test_what_is_not_set_or_blank_has_its_default() -> None:
    assert Settings() == read_settings({"ROLLBOOK_PORT": " ", "PATH": "/bin"})


def test_it_reads_every_setting() -> None:
    given = Settings(
        database_url="postgresql:///rollbook",
        database_connections=4,
        host="0.0.0.0",  # noqa: S104 - nothing is bound here
        port=80,
        public_url="https://training.example.com:8443",
        trusted_proxies="127.0.0.1,10.0.0.0/8",
        workers=3,
        rate_limit=600,
        log_level="debug",
    )

    assert given == read_settings({PREFIX + name.upper(): f" {getattr(given, name)} " for name in Settings.__struct_fields__})


@pytest.mark.parametrize(
    "name, value",
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8_0"),
        ("WORKERS", "-1"),
        ("RATE_LIMIT", "1" * 5_000),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "proxy.example"),
    ],
)
def test_it_refuses_values_that_a_setting_cannot_have(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"ROLLBOOK_{name} is '{value[:20]}"):
        read_settings({f"ROLLBOOK_{name}": value})


def test_without_a_public_address_it_is_where_the_server_listens() -> None:
    assert "http://[::1]:80" == read_settings({"ROLLBOOK_HOST": "::1", "ROLLBOOK_PORT": "80"}).public_url
    assert "https://training.example.com" == read_settings({"ROLLBOOK_PUBLIC_URL": "https://training.example.com/"}).public_url


@pytest.mark.parametrize(
    "url", ["training.example.com", "ftp://example.com", "https://example.com/console", "https://example.com?a=b", "http://"]
)
def test_a_public_address_is_that_of_a_whole_site(url: str) -> None:
    with pytest.raises(SettingError, match="ROLLBOOK_PUBLIC_URL"):
        read_settings({"ROLLBOOK_PUBLIC_URL": url})


def test_the_data_folder_is_the_embedded_databases() -> None:
    assert Path("/srv/rollbook") == Settings(database_url="sqlite:////srv/rollbook/rollbook.db").data_folder
    assert Path("data") == Settings(database_url="postgresql:///rollbook").data_folder
    assert Settings(database_url="postgresql:///rollbook").database_file is None
