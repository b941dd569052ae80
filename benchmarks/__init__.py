"""How fast is Aboard, beside what else one would write? Run it with `python -m benchmarks`.

Each benchmark measures both sides in one run, interleaved, and fails on any wrong answer. What
each one measures and which ratio it must reach: benchmarks/README.md.
"""
