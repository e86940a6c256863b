"""What asks a person something, or shows something over the screen, one a module."""
