"""`make test` runs the records on both databases; rights by role exist on PostgreSQL only."""

import os

collect_ignore = [] if os.environ.get("LYKTA_TEST_DATABASE") else ["test_public_role.py"]
