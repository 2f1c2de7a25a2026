"""Writing files whole or not at all; the work is done in `core.atomic`."""

from remission.core.atomic import push_names, push_to_disk, write_atomically

__all__ = ["push_names", "push_to_disk", "write_atomically"]
