"""/export: all figures as files."""

import io
import zipfile

from tests.house import House


async def test_to_take_along(home: House) -> None:
    """An admin gets a ZIP of CSV files in which nobody's name is; an operator is refused."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees("To pay")
    await home.pay(number)
    await home.alice.sees("thank you")
    await home.carol.says("/export")
    file = (await home.carol.sees("Your figures to take along")).document
    assert file is not None
    with zipfile.ZipFile(io.BytesIO(file.data)) as bundle:
        names, content = bundle.namelist(), b"".join(map(bundle.read, bundle.namelist())).decode()
    assert names == ["days.csv", "money.csv", "types.csv", "growth.csv", "README.txt"]
    assert "revenue" in content
    assert "Alice" not in content
    await home.bob.says("/export")
    await home.bob.sees("Only admins may see and correct the ledger")
