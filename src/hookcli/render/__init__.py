"""One look for deliveries wherever they are shown: lines, full views, tables; safe for any terminal."""
