"""`python -m lykta` is the `lykta` command."""

import sys

from lykta.config.command import main

sys.exit(main())
