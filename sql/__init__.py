"""Where data comes from: statements in files, one a question, and the shapes of the rows that they give.

A file's head is a comment: a sentence saying what rows in what order, a line for each parameter
(``-- $1 bigint[] loan ids``) and the name of the row's type in ``sql.rows`` (``-> RepaymentRow``). Statements use
PostgreSQL's own ``$1`` placeholders and are sent as they are written.
"""
