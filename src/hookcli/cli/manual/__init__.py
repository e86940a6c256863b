"""The manual, made from the commands' own help: as text, as man pages, as one page of Markdown."""
