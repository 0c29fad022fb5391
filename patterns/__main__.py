"""``python -m patterns``."""

import sys

from patterns.cli import main

sys.exit(main())
