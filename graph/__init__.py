"""What clients see: every GraphQL and HTTP word of Borrowgraph lives here, and only here."""
