"""How the world's facts are shown, generation by generation."""
