"""How fast requests are answered, beside code written by hand, PostGraphile and graphql-core's own executor."""
