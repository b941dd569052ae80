"""How does a world outlive its process? As lines of JSON to carry away, or kept in a file.

`lines` writes a whole sandbox down and reads it back; `file` keeps one up to date on disk;
`kinds` turns single things into JSON and back.
"""
