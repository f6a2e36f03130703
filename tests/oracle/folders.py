"""Writes delivery folders by hand, for the tests that check the oracle with numbers worked out on paper."""

from gzip import open as open_gzip
from pathlib import Path

HEADS = {
    "institutions": "code,name,kind",
    "loans": "institution,loan,subject_key,product,principal,opened_on,due_on,closed_on,state,reported_at",
    "repayments": "institution,loan,month,due,paid,balance,overdue_amount,days_past_due,reported_at",
    "inquiries": "institution,subject_key,inquired_at,purpose",
}
SOMEBODY = "5" * 64
SOMEBODY_ELSE = "e" * 64
INSTITUTIONS = "BNK,A bank,BANK\nMIC,A microlender,MICROLOAN\nNET,A platform,INTERNET_PLATFORM"


def deliver(folder: Path, *, packed: bool = False, **tables: str) -> Path:
    """Write a delivery: a table's rows, one a line, spaces beside commas ignored; `packed` writes `.csv.gz`."""
    folder.mkdir()
    for noun, rows in ({"institutions": INSTITUTIONS} | tables).items():
        lines = [",".join(cell.strip() for cell in line.split(",")) for line in rows.strip().splitlines()]
        text = "\n".join([HEADS[noun], *lines, ""])
        if packed:
            with open_gzip(folder / f"{noun}.csv.gz", "wt", encoding="utf-8") as file:
                file.write(text)
        else:
            (folder / f"{noun}.csv").write_text(text, encoding="utf-8")
    return folder
