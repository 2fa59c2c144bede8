"""Finds references and memory that calls leave behind."""

import gc
import sys


def assert_keeps_nothing(call, *watched, calls=2000):
    """After a warm-up that fills all free lists, calls change neither reference counts nor memory."""
    for _ in range(calls):
        call()
    before = [sys.getrefcount(o) for o in watched]
    gc.collect()
    blocks = sys.getallocatedblocks()
    for _ in range(calls):
        call()
    gc.collect()
    grown = [sys.getrefcount(o) - n for o, n in zip(watched, before, strict=True)]
    assert max(map(abs, grown), default=0) < calls // 10, f"reference counts grew by {grown} in {calls} calls"
    assert sys.getallocatedblocks() - blocks < calls // 10
