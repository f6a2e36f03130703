"""A made-up lending market, written as a delivery folder, so that a demo goes through the same door as real data.

Three dozen invented institutions of every kind lend to some 20,000 borrowers over four years. Most borrowers have one
to three loans; a few have dozens, of many lenders, several taken within weeks. Lending grows, with peaks before the
Chinese New Year and at the sales of June and November. Borrowers get into difficulty and out of it, sooner where they
are risky, owe many lenders or live through the hard year past the middle; their loans then fall behind together, catch
up, are transferred or are written off after more than 180 days. Lenders inquire before they lend. Reports come days
after a month's end; some are late, missing or corrected later. Two careless institutions miss whole months.

- Amounts are yuan with two decimals, instants are at +08:00, and nothing is reported later than ten days after the last
  month's end.
- The same arguments give the same rows on every machine and Python; the compressed files are the same bytes where the
  compression library (zlib) is the same. Borrower n is the same however many others there are.
- Borrower n is named by the SHA-256 of "demo borrower n", n from 1. The first four live the same life in every demo:
  1 owes many lenders, was late several times, once by more than 60 days, and is late now; 2 never was; 3 has a loan
  that was written off; 4 is named by a document (ID_CARD, DEMO-0000-0004) and was late once.
- No person, institution or loan in it is real.
"""

from intake.demo.writing import Summary, write

__all__ = ["Summary", "write"]
