"""What a browser calls itself, by name."""

import pytest

from cms.rules.browsers import Device, device_of

AGENTS = [
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        Device("Edge", "Windows"),
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36",
        Device("Chrome", "Linux"),
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
        Device("Safari", "iPhone"),
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
        Device("Firefox", "Mac"),
    ),
    (
        "Mozilla/5.0 (Linux; Android 16; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
        Device("Samsung Internet", "Android"),
    ),
    ("curl/8.14", Device("", "")),
    ("", Device("", "")),
]


@pytest.mark.parametrize(("agent", "device"), AGENTS)
def test_a_browser_and_its_system_by_name(agent: str, device: Device) -> None:
    assert device_of(agent) == device
