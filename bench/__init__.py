"""Side-by-side benchmarks; none of this is part of the package."""
