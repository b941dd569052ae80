"""What else one would write or install, as its own documentation shows it.

Each of these does the same work as Aboard in its benchmark, and is judged by the same answers.
"""
