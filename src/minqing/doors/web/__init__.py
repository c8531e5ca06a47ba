"""The door for people: pages in Chinese and English, drawn on the server. It holds no rules; it shows and hands in."""
