"""Finds references and memory that calls leave behind."""

import gc
import sys

from effort import often

MANY = often(2000)


def assert_keeps_nothing(call, *watched, calls=MANY):
    """After a warm-up that fills all free lists, calls change neither reference counts nor memory.

    What a leak keeps, it keeps in every round; what only one round of three keeps are somebody's caches.
    """
    for _ in range(calls):
        call()
    gc.collect()
    before = [sys.getrefcount(o) for o in watched]
    kept = min(blocks_kept(call, calls) for _ in range(3))
    grown = [sys.getrefcount(o) - n for o, n in zip(watched, before, strict=True)]
    assert max(map(abs, grown), default=0) < calls // 10, f"reference counts grew by {grown} in {calls} calls"
    assert kept < calls // 10, f"{calls} calls kept {kept} blocks of memory"


def blocks_kept(call, calls):
    gc.collect()
    blocks = sys.getallocatedblocks()
    for _ in range(calls):
        call()
    gc.collect()
    return sys.getallocatedblocks() - blocks
