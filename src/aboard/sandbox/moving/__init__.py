"""How does money move? Each movement whole: both sides of the book, what is told, what follows."""
