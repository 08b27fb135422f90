"""Django's SQLite, where threads and processes begin their transactions in turn."""
