"""Django's SQLite, where the threads of a process begin their transactions in turn."""
