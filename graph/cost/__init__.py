"""What a document could return at most, known from it and its variables before anything is read."""
