"""Web pages for people: where an owner stands, what is missing, and the way on."""
