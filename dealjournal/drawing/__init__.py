"""Pictures of answers: for terminals, and as SVG."""
