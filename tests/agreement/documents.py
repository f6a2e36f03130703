"""One document that asks for every figure, for any number of enquiries, and its variables."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.agreement.questions import Enquiry
from tests.oracle import beyond

FRAGMENTS = f"""
fragment Terms on Loan {{
  institution {{ code name kind }} institutionKind product principal openedOn dueOn closedOn state
}}
fragment Month on Repayment {{
  month due paid balance overdueAmount daysPastDue bucket code reportedAt
}}
fragment Sequence on OverdueSequence {{
  span {{ from to }} pattern months {{ month code bucket daysPastDue overdueAmount }}
  overdueMonths monthsOver30 monthsOver60 monthsOver90 maxDaysPastDue maxOverdueAmount longestRun currentRun
  episodes {{ from to months maxDaysPastDue maxOverdueAmount cured }}
  {beyond.SEQUENCE}
}}
fragment Lists on LoanSeries {{ {beyond.SERIES} }}
fragment OfBorrower on BorrowerOverdue {{ ...Sequence overdueLoans overdueLenders }}
fragment Figures on MultiLoan {{
  span {{ from to }} loansOpened loansActive loansSettled loansAtEnd lendersOpened lendersActive lendersAtEnd
  inquiries inquirers peakLoans peakLenders loansOpenedWhileOverdue principalOpened balanceAtEnd dueInLastMonth
  byInstitutionKind {{ ...OfKind }}
  {beyond.FIGURES}
}}
fragment OfKind on MultiLoanByKind {{
  kind loansOpened loansActive loansAtEnd lendersActive inquiries principalOpened balanceAtEnd
}}
"""

COVERAGE = """
  coverage { firstMonth lastMonth horizon borrowers loans repayments institutions }
"""

ENQUIRY = """
  enquiry{n}: borrowers(by: $by{n}, asOf: $asOf{n}) {{
    subjectKey{questions}
  }}
"""

QUESTION = """
    loans{m}: loans(filter: $filter{n}_{m}, first: 1000) {{
      totalCount
      nodes {{
        ...Terms
        repayments(window: $window{n}_{m}) {{ ...Month }}
        overdue(window: $window{n}_{m}) {{ ...Sequence }}
        series(window: $window{n}_{m}) {{ ...Lists }}
      }}
    }}
    multiLoan{m}: multiLoan(window: $window{n}_{m}, filter: $filter{n}_{m}) {{ ...Figures }}
    overdue{m}: overdue(window: $window{n}_{m}, filter: $filter{n}_{m}) {{ ...OfBorrower }}"""


class Document(NamedTuple):
    """A document and its variables."""

    query: str
    variables: dict[str, Any]


def document(enquiries: Sequence[Enquiry], *, coverage: bool = True) -> Document:
    """The document that asks everything; without `coverage` it leaves out what an instant does not change."""
    variables: dict[str, Any] = {}
    declared, fields = [], []
    for n, enquiry in enumerate(enquiries):
        declared.append(f"$by{n}: [BorrowerKey!]!, $asOf{n}: DateTime")
        variables[f"by{n}"] = [named.by for named in enquiry.named]
        variables[f"asOf{n}"] = enquiry.as_of and enquiry.as_of.isoformat()
        for m, question in enumerate(enquiry.questions):
            declared.append(f"$window{n}_{m}: Window!, $filter{n}_{m}: LoanFilter")
            variables[f"window{n}_{m}"], variables[f"filter{n}_{m}"] = question
        asked = "".join(QUESTION.format(n=n, m=m) for m in range(len(enquiry.questions)))
        fields.append(ENQUIRY.format(n=n, questions=asked))
    if coverage:
        fields.append(COVERAGE)
    return Document(f"query Everything({', '.join(declared)}) {{{''.join(fields)}}}\n{FRAGMENTS}", variables)
