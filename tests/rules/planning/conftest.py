"""The machine code is made before anything is tested: the first time, that takes longer than a test may."""

import pytest

from dispatch.planning.optimiser.searching import warm_up


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "rules/planning" in item.path.as_posix():
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session", autouse=True)
def machine_code() -> None:
    warm_up()
