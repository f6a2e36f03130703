"""The schema's types, one noun a file, each with its inputs and enums."""
