"""A running session that serves the other commands of its user, through a socket that nobody else can use.

`grade watch` holds warm processes; a `grade` in another terminal asks it for the run instead of starting its own.
"""

from grader.sharing.guest import ask_host
from grader.sharing.host import Host, Visit
from grader.sharing.messages import Asked, host_key

__all__ = ["Asked", "Host", "Visit", "ask_host", "host_key"]
