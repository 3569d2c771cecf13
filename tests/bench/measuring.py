"""Seconds and shares of them, and a database of one's own."""

import gc
import statistics
import time
from collections.abc import Callable


def milliseconds(work: Callable[[], object], *, times: int = 20) -> dict[str, float]:
    """Return the median and the 95th percentile of the wall clock, and the median of the processor.

    What is loaded is spared from garbage collection first, as the web server does.
    """
    work()
    gc.collect()
    gc.freeze()
    wall, processor = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        work()
        wall.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - busy))
    gc.unfreeze()
    return {
        "median_ms": round(statistics.median(wall), 1),
        "p95_ms": round(statistics.quantiles(wall, n=20)[-1], 1),
        "processor_median_ms": round(statistics.median(processor), 1),
    }
